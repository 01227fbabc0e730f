import { inOurWords, raisedInOurWords, type Words } from '../../actions/rules/our-words.js';
import type { ConvertRule } from './convert-rule.js';

const WORDS: Words = [
  [
    /^No dataset\.yaml or classes\.txt found in (.*)\. Provide class_names parameter\.$/,
    'No dataset.yaml, data.yaml or classes.txt found in $1. Provide the names of the classes: classNames, or --classes on a command line.',
  ],
  [/^annotations\.json not found in (.*)$/, '$1 is no COCO data set: {any}'],
  [
    /^No images directory found in (\S+) \(tried .*\)\.$/,
    'No images directory found in $1. Expected one of: JPEGImages, Images, images.',
  ],
  [/^No annotations directory found in (\S+) .*$/, '$1 is no Pascal VOC data set: {any}'],
  [
    /^No matching JSON-img pairs found in (.*)\/json and .*$/,
    'Nothing of $1 can be converted from dm_v2 to coco. {any}',
  ],
  [/^Required directory "json" does not exist: (.*)\/json$/, '$1 is no DM data set: {any}'],
  [/^'(\w+)' is not a valid DatasetFormat$/, "Data sets of the format '$1' cannot be {any}"],
];

export const wordRules: readonly ConvertRule[] = [
  {
    id: 'our-words',
    defects: [],
    where: 'a data set cannot be read, or a format is not known',
    sdk: 'says so by parameters of Python, or by one of the files that it looked for',
    ours: 'says so in words that hold here, by all that it looked for',
    why: 'who reads it has to know what to do',
    folder(expect) {
      const { raised } = expect;
      if (raised?.message === undefined) return expect;
      return { ...expect, raised: { ...raised, message: inOurWords(WORDS, raised.message) } };
    },
    dataset: (expect) => raisedInOurWords(WORDS, expect),
  },
];
