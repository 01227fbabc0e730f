import { converted, raises } from './converted.js';
import type { ConvertRule } from './convert-rule.js';

/** Pairs of formats that the SDK has not, or only by name. */
export const pairRules: readonly ConvertRule[] = [
  {
    id: 'training-layout',
    defects: ['TA-01'],
    where: 'DM is converted to YOLO without an export contract',
    sdk: 'refuses: 2026.2 has one layout, that with a folder per task, and wants a contract for it',
    ours: 'writes the layout for training (images/, labels/, classes.txt, dataset.yaml), as 2026.1 did',
    why: 'this is what a trainer of YOLO is given; the layout with a folder per task is a format of its own, `yolo-tasks`',
    folder: (expect, vector) => (raises(expect, /^required export contract field/) ? converted(vector) : expect),
  },
  {
    id: 'contract-is-enough',
    defects: [],
    where: 'DM is converted to YOLO under an export contract, and not file by file',
    sdk: 'fails, because this layout is written by a conversion of single files only',
    ours: 'writes the layout with a folder per task',
    why: 'what is asked for is clear',
    folder: (expect, vector) => (raises(expect, /^convert_single_file only available/) ? converted(vector) : expect),
  },
  {
    id: 'tasks-by-split',
    defects: ['TA-01'],
    where: 'a data set with splits is converted to YOLO under an export contract',
    sdk: 'reads all of it, and then refuses to write it',
    ours: 'writes each split into the folders of the tasks',
    why: 'a data set for training has splits',
    folder: (expect, vector) => (raises(expect, /^categorized directory saving/) ? converted(vector) : expect),
  },
  {
    id: 'folders-convert',
    defects: ['TA-02', 'TA-06'],
    where: "a folder is converted by one of the SDK's classes whose arguments do not fit its own call",
    sdk: 'fails with a TypeError of Python, whatever is in the folder',
    ours: 'converts it',
    why: 'otherwise there is no DM to COCO, no DM v1 to Pascal VOC, and neither of them to DM through the dataset action',
    folder: (expect, vector) => (raises(expect, /got an unexpected keyword argument/) ? converted(vector) : expect),
  },
  {
    id: 'any-to-any',
    defects: [],
    where: 'two formats of which neither is DM',
    sdk: 'has no converter for them',
    ours: 'converts from every format that it reads to every one that it writes',
    why: 'between all formats there is one model',
    folder: (expect, vector) => (raises(expect, /^No converter available for/) ? converted(vector) : expect),
  },
];
