import type { FolderVector } from '../cases/convert-vector.js';
import type { FolderExpectation } from '../cases/judge-folder.js';
import { isJson } from '../../actions/cases/file-value.js';
import { isPicture, stemOf, type FileMap } from '../content/content.js';
import type { Document } from '../content/read-dm.js';
import { converted, givenThings } from './converted.js';
import type { ConvertRule } from './convert-rule.js';

/** What becomes a DM data set. */
export const toDmRules: readonly ConvertRule[] = [
  {
    id: 'classes-by-tool',
    defects: [],
    where: 'a document of DM v2 lists class names',
    sdk: 'lists all names of a YOLO data set under `bounding_box`, also for polygons and points, and of COCO and Pascal VOC none',
    ours: 'lists under each tool the names that occur in this document',
    why: 'this is what the list means in documents of the backend',
    folder: (expect, { given }) => (expect.files && given.target.startsWith('dm_') ? withLists(expect) : expect),
  },
  {
    id: 'v1-when-asked',
    defects: ['TA-06'],
    where: 'COCO or Pascal VOC is converted to DM v1',
    sdk: 'writes v2',
    ours: 'writes v1',
    why: 'it was asked for',
    folder: (expect, vector) => (expect.files && isV1Wanted(vector) ? converted(vector) : expect),
  },
  {
    id: 'points-by-shape',
    defects: [],
    where: 'the labels of a YOLO data set have an even count of numbers, and `kpt_shape` says that they are points',
    sdk: 'takes them for an outline',
    ours: 'goes by `kpt_shape`',
    why: 'it is there for that',
    folder: (expect, vector) =>
      expect.files && vector.given.source === 'yolo' && hasShape(vector) ? converted(vector) : expect,
  },
  {
    id: 'voc-is-read-leniently',
    defects: [],
    where:
      'Pascal VOC has corners that are no whole numbers, or a description that does not name its picture, or another one',
    sdk: 'leaves the picture out without a word',
    ours: 'reads the corners, and looks for the picture by the name of the description',
    why: 'several tools write such',
    folder: (expect, vector) => (vector.expect.files && isLenientVoc(vector) ? converted(vector) : expect),
  },
  {
    id: 'classes-are-listed',
    defects: [],
    where: 'an annotation of COCO has a category that is not listed',
    sdk: '2026.1 makes its number a class name; 2026.2 refuses the file',
    ours: 'leaves the annotation out, and tells so',
    why: 'a number is no name',
    folder: (expect, vector) => (expect.files && hasUnlistedClass(vector) ? converted(vector) : expect),
  },
  {
    id: 'coco-outlines',
    defects: [],
    where: 'an annotation of COCO has an outline, or runs of pixels',
    sdk: 'makes a box of it',
    ours: 'makes a polygon or a mask of it',
    why: 'DM has both',
    folder: (expect, vector) => (isFromCoco(expect, vector, ['polygon', 'mask']) ? converted(vector) : expect),
  },
  {
    id: 'coco-points',
    defects: [],
    where: 'an annotation of COCO has points',
    sdk: 'puts all boxes of the picture into the group of its points, and loses how well each can be seen',
    ours: "groups an object's points with its own box, and keeps how well each can be seen",
    why: 'otherwise nothing says whose points they are',
    folder: (expect, vector) => (isFromCoco(expect, vector, ['pose']) ? converted(vector) : expect),
  },
  {
    id: 'pictures-without-labels',
    defects: [],
    where: 'a YOLO data set has a picture without a file of labels',
    sdk: 'leaves the picture out',
    ours: 'keeps it, as one that shows nothing',
    why: 'this is what it means in YOLO',
    folder: (expect, vector) => (expect.files && hasUnlabelled(vector) ? converted(vector) : expect),
  },
];

function isFromCoco({ files }: FolderExpectation, vector: FolderVector, kinds: readonly string[]): boolean {
  if (files === undefined || vector.given.source !== 'coco') return false;
  return givenThings(vector).some(({ kind }) => kinds.includes(kind));
}

function isV1Wanted({ given }: FolderVector): boolean {
  return ['coco', 'pascal'].includes(given.source) && given.target === 'dm_v1';
}

function hasShape({ given }: FolderVector): boolean {
  return given.files['dataset.yaml']?.text?.includes('kpt_shape') ?? false;
}

function isLenientVoc({ given }: FolderVector): boolean {
  if (given.source !== 'pascal') return false;
  const stems = Object.keys(given.files).flatMap((name) =>
    isPicture(name) ? [stemOf(name.slice(name.lastIndexOf('/') + 1))] : [],
  );
  return Object.entries(given.files).some(([name, { text = '' }]) => {
    const named = /<filename>([^<]+)</.exec(text)?.[1] ?? '';
    const isElsewhere = !stems.includes(stemOf(named)) && stems.includes(stemOf(name.slice(name.lastIndexOf('/') + 1)));
    return name.endsWith('.xml') && (/<[xy]m(?:in|ax)>\d+\.\d*[1-9]/.test(text) || isElsewhere);
  });
}

interface CocoText {
  readonly annotations?: readonly { readonly category_id: unknown }[];
  readonly categories?: readonly { readonly id: unknown }[];
}

function hasUnlistedClass({ given }: FolderVector): boolean {
  const files = Object.entries(given.files).filter(([name]) => name.endsWith('annotations.json'));
  return files.some(([, { text = '' }]) => {
    const { annotations = [], categories = [] } = (isJson(text) ? JSON.parse(text) : {}) as CocoText;
    const known = new Set(categories.map(({ id }) => id));
    return given.source === 'coco' && annotations.some(({ category_id: id }) => !known.has(id));
  });
}

function hasUnlabelled({ given }: FolderVector): boolean {
  const names = Object.keys(given.files);
  const label = (name: string): string =>
    name.replace(/(^|\/)(?:images|imgs?)\//, '$1labels/').replace(/\.[^.]*$/, '.txt');
  return (
    given.source === 'yolo' &&
    names.some((name) => /(?:^|\/)(?:images|imgs?)\//.test(name) && !names.includes(label(name)))
  );
}

function withLists(expect: FolderExpectation): FolderExpectation {
  const files = Object.entries(expect.files ?? {}).map(([name, file]) => {
    if (!name.endsWith('.json') || file.text === undefined || !isJson(file.text)) return [name, file] as const;
    const document = JSON.parse(file.text) as Document;
    if (document.images === undefined) return [name, file] as const;
    return [name, { text: JSON.stringify({ ...document, classification: listsOf(document) }) }] as const;
  });
  return { ...expect, files: Object.fromEntries<FileMap[string]>(files) };
}

function listsOf({ images: [image = {}] = [] }: Document): Record<string, readonly string[]> {
  const tools = Object.entries(image).filter(([tool]) => tool !== 'group' && tool !== 'relation');
  const lists = tools.map(
    ([tool, entries]) => [tool, [...new Set(entries.map((entry) => entry.classification ?? ''))]] as const,
  );
  return Object.fromEntries(lists.filter(([, names]) => names.length > 0));
}
