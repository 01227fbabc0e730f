import type { FolderVector } from '../cases/convert-vector.js';
import type { FolderExpectation } from '../cases/judge-folder.js';
import type { FileMap } from '../content/content.js';
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

function hasUnlabelled({ given }: FolderVector): boolean {
  const names = Object.keys(given.files);
  const label = (name: string): string =>
    name.replace(/(^|\/)(?:images|imgs?)\//, '$1labels/').replace(/\.[^.]*$/, '.txt');
  return (
    given.source === 'yolo' &&
    names.some((name) => /(?:^|\/)(?:images|imgs?)\//.test(name) && !names.includes(label(name)))
  );
}

interface Document {
  readonly images?: readonly Readonly<Record<string, readonly { readonly classification?: string }[]>>[];
}

function withLists(expect: FolderExpectation): FolderExpectation {
  const files = Object.entries(expect.files ?? {}).map(([name, file]) => {
    if (!name.endsWith('.json') || file.text === undefined) return [name, file] as const;
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
