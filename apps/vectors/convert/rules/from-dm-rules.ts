import type { FolderVector } from '../cases/convert-vector.js';
import { VOC_ATTRIBUTES } from '../content/carried.js';
import type { FileMap } from '../content/content.js';
import { settingsOf } from '../run/interpret-folder.js';
import { converted, givenThings } from './converted.js';
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
    id: 'labels-are-shares',
    defects: [],
    where: 'something lies outside of its picture',
    sdk: '2026.1 writes labels of YOLO with numbers below 0 and above 1',
    ours: 'leaves out a box whose middle or size is no share of the picture, and outlines and points that reach out, and tells so',
    why: 'trainers refuse the picture for it, with all its labels',
    folder: (expect, vector) => (expect.files && hasStrangeLabels(expect.files) ? converted(vector) : expect),
  },
  {
    id: 'v1-class-is-a-classification',
    defects: [],
    where: 'a document of DM v1 becomes a class of an image folder',
    sdk: 'takes the class of its first annotation, whatever the tool, such as that of a box, and makes folders of all',
    ours: 'takes that of its classification',
    why: 'so does v2, and a box is not what the picture is',
    folder: (expect, vector) =>
      expect.files && vector.given.target === 'imagefolder' && hasV1Boxes(vector) ? converted(vector) : expect,
  },
  {
    id: 'voc-folders',
    defects: [],
    where: 'Pascal VOC is written',
    sdk: '2026.1 puts the pictures into Images/, adds a classes.txt, and says of pictures with masks that they are segmented, which it does not write; 2026.2 puts them into JPEGImages/',
    ours: 'does as 2026.2',
    why: 'JPEGImages/ is what readers of Pascal VOC look for',
    folder(expect) {
      const names = Object.keys(expect.files ?? {});
      if (!names.some((name) => /(?:^|\/)Images\//.test(name))) return expect;
      const files = Object.entries(expect.files ?? {}).filter(([name]) => name !== 'classes.txt');
      const renamed = files.map(([name, file]) => {
        const text = file.text
          ?.replace('<folder>Images</folder>', '<folder>JPEGImages</folder>')
          .replace('<path>', '<path>JPEGImages/')
          .replace('<segmented>1<', '<segmented>0<');
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

function hasStrangeLabels(files: FileMap): boolean {
  const labels = Object.entries(files).filter(([name]) => /(?:^|\/)labels\/[^/]+\.txt$/.test(name));
  const numbers = labels.flatMap(([, { text = '' }]) =>
    text.split('\n').flatMap((line) => line.split(' ').slice(1).map(Number)),
  );
  return numbers.some((value) => value < 0 || (value > 1 && !Number.isInteger(value)));
}

function hasV1Boxes(vector: FolderVector): boolean {
  return settingsOf(vector.given).from === 'dm_v1' && givenThings(vector).some(({ kind }) => kind !== 'classification');
}

function hasFlatBox(vector: FolderVector): boolean {
  if (vector.given.target !== 'pascal') return false;
  const flat = ([x = 0, y = 0, w = 0, h = 0]: readonly number[]): boolean =>
    Math.round(x) === Math.round(x + w) || Math.round(y) === Math.round(y + h);
  return givenThings(vector).some(({ kind, numbers }) => kind === 'box' && flat(numbers));
}

function hasVocAttribute(vector: FolderVector): boolean {
  const { source, target } = vector.given;
  if (source !== 'pascal' && target !== 'pascal') return false;
  return givenThings(vector).some(({ attributes = {} }) =>
    VOC_ATTRIBUTES.some((name) => Object.hasOwn(attributes, name)),
  );
}
