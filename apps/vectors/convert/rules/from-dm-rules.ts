import type { FolderVector } from '../cases/convert-vector.js';
import { settingsOf } from '../run/interpret-folder.js';
import { converted, givenContent, givenThings } from './converted.js';
import type { ConvertRule } from './convert-rule.js';

/** What is written of a DM data set. */
export const fromDmRules: readonly ConvertRule[] = [
  {
    id: 'coco-as-coco',
    defects: ['TA-02'],
    where: 'a folder of DM is converted to COCO',
    sdk: '2026.1 gives several pictures the same id, leaves polygons out, makes one object of class `keypoints` of all points of a picture and one of each polyline, and numbers classes anew in each split; 2026.2 cannot',
    ours: 'numbers pictures and annotations one after the other, writes outlines, runs of pixels and the points of each object, and has the same classes in all splits',
    why: 'the file has to mean what the data set means',
    folder: (expect, vector) => (expect.files && vector.given.target === 'coco' ? converted(vector) : expect),
  },
  {
    id: 'v1-coordinates',
    defects: ['TA-01'],
    where: 'a document of DM v1 has its places in `annotationsData`, as the editor writes it',
    sdk: '2026.1 finds none there, and writes labels without boxes; 2026.2 reads them',
    ours: 'reads them',
    why: 'labels without boxes teach that there is nothing',
    folder: (expect, vector) => (expect.files && isOlderV1(vector) ? converted(vector) : expect),
  },
  {
    id: 'voc-folders',
    defects: [],
    where: 'Pascal VOC is written',
    sdk: '2026.1 puts the pictures into Images/ and adds a classes.txt; 2026.2 puts them into JPEGImages/',
    ours: 'does as 2026.2',
    why: 'JPEGImages/ is what readers of Pascal VOC look for',
    folder(expect) {
      const names = Object.keys(expect.files ?? {});
      if (!names.some((name) => /(?:^|\/)Images\//.test(name))) return expect;
      const files = Object.entries(expect.files ?? {}).filter(([name]) => name !== 'classes.txt');
      const renamed = files.map(([name, file]) => {
        const text = file.text
          ?.replace('<folder>Images</folder>', '<folder>JPEGImages</folder>')
          .replace('<path>', '<path>JPEGImages/');
        return [name.replace(/(^|\/)Images\//, '$1JPEGImages/'), text === undefined ? file : { text }] as const;
      });
      return { ...expect, files: Object.fromEntries(renamed) };
    },
  },
  {
    id: 'voc-boxes-have-an-area',
    defects: [],
    where: 'a box has no width or no height, at least after its corners became whole numbers',
    sdk: 'writes it to Pascal VOC',
    ours: 'leaves it out, and tells so',
    why: 'readers of Pascal VOC divide by it',
    folder: (expect, vector) => (expect.files && hasFlatBox(vector) ? converted(vector) : expect),
  },
  {
    id: 'voc-attributes',
    defects: [],
    where: 'an object is truncated, difficult or has a pose, in Pascal VOC or as an attribute of DM',
    sdk: 'loses it in both directions',
    ours: 'keeps it as an attribute of that name',
    why: 'both formats have a place for it',
    folder: (expect, vector) => (expect.files && hasVocAttribute(vector) ? converted(vector) : expect),
  },
];

function isOlderV1({ given, expect }: FolderVector): boolean {
  const hasPlaces = Object.values(given.files).some(({ text }) => text?.includes('"coordinate"'));
  const isTasks = Object.keys(expect.files ?? {}).some((name) => name.startsWith('detect/'));
  return settingsOf(given).from === 'dm_v1' && given.target === 'yolo' && hasPlaces && !isTasks;
}

function hasFlatBox(vector: FolderVector): boolean {
  if (vector.given.target !== 'pascal') return false;
  const flat = ([x = 0, y = 0, w = 0, h = 0]: readonly number[]): boolean =>
    Math.round(x) === Math.round(x + w) || Math.round(y) === Math.round(y + h);
  return givenThings(vector).some(({ kind, numbers }) => kind === 'box' && flat(numbers));
}

const VOC_ATTRIBUTES = ['pose', 'truncated', 'difficult'];

function hasVocAttribute(vector: FolderVector): boolean {
  const { source, target } = vector.given;
  if (source !== 'pascal' && target !== 'pascal') return false;
  const things = givenContent(vector).pictures.flatMap((picture) => picture.things);
  return things.some(({ attributes = {} }) => VOC_ATTRIBUTES.some((name) => Object.hasOwn(attributes, name)));
}
