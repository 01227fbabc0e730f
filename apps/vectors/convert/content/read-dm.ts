import { isJson } from '../../actions/cases/file-value.js';
import {
  bytesOf,
  inSplit,
  isPicture,
  namesIn,
  splitsOf,
  stemOf,
  type Content,
  type FileMap,
  type Picture,
  type Thing,
} from './content.js';
import { pictureSizeOf } from './picture-size.js';

/** What a DM data set says, of version 1 or 2. */
export function readDm(files: FileMap): Content {
  const pictures = splitsOf(files, 'json').flatMap((split) => picturesOf(files, split));
  return { classes: undefined, pictures };
}

function picturesOf(files: FileMap, split: string): Picture[] {
  const originals = namesIn(files, inSplit(split, 'original_files')).filter(isPicture);
  return namesIn(files, inSplit(split, 'json')).map((name): Picture => {
    const file = originals.find((original) => stemOf(original) === stemOf(name));
    const bytes = bytesOf(files[inSplit(split, `original_files/${file}`)]);
    const size = pictureSizeOf(bytes);
    const document = parseDocument(files[inSplit(split, `json/${name}`)]?.text);
    const picture = { split, file: file ?? name, things: thingsIn(document ?? {}) };
    return size === undefined || document === undefined
      ? { ...picture, bytes: '', size: { width: 0, height: 0 } }
      : { ...picture, bytes: bytes.toString('base64'), size };
  });
}

/** Undefined: it is none. */
function parseDocument(text = '{}'): Document | undefined {
  return isJson(text) ? (JSON.parse(text) as Document) : undefined;
}

export interface Document extends DocumentV1 {
  readonly images?: readonly Readonly<Record<string, readonly Entry[]>>[];
}

export interface DocumentV1 {
  readonly annotations?: Readonly<Record<string, readonly EntryV1[]>>;
  readonly annotationsData?: Readonly<Record<string, readonly EntryV1[]>>;
}

interface Entry {
  readonly id?: string;
  readonly classification?: string;
  readonly data?: unknown;
  readonly group_id?: string | undefined;
  /** Not of DM: the class of the group that lists it. */
  readonly group_class?: string | undefined;
  readonly visibility?: number;
  readonly bounding_box?: readonly number[];
  readonly attrs?: readonly { readonly name: string; readonly value?: unknown }[];
  readonly [name: string]: unknown;
}

interface EntryV1 {
  readonly id?: string;
  readonly tool?: string;
  readonly classification?: { readonly class?: string } | string;
  readonly data?: unknown;
  readonly coordinate?: unknown;
  readonly bounding_box?: readonly number[];
}

/** The annotations of one picture's document. */
export function thingsIn(document: Document): Thing[] {
  if (document.annotations === undefined) return thingsOfV2(document);
  return entriesOfV1(document).flatMap(({ tool, ...entry }) => thingsOfEntry(snakeCase(tool), entry));
}

/** The annotations of a document of version 1, each with its class and its place. */
export function entriesOfV1({ annotations = {}, annotationsData = {} }: DocumentV1) {
  const places = new Map(
    Object.values(annotationsData)
      .flat()
      .map((one) => [one.id, one] as const),
  );
  return Object.values(annotations)
    .flat()
    .map(({ classification: named, tool = '', data, ...entry }) => ({
      ...entry,
      tool,
      classification: typeof named === 'string' ? named : (named?.class ?? ''),
      data: data ?? places.get(entry.id)?.coordinate ?? places.get(entry.id)?.data,
    }));
}

function thingsOfV2({ images: [image = {}] = [] }: Document): Thing[] {
  const owners = new Map(
    (image['group'] ?? []).flatMap((group) => (group.data as string[]).map((member) => [member, group] as const)),
  );
  return Object.entries(image).flatMap(([tool, entries]) =>
    tool === 'group' || tool === 'relation'
      ? []
      : entries.flatMap((entry) => {
          const owner = owners.get(entry.id ?? '');
          return thingsOfEntry(tool, { group_id: owner?.id, group_class: owner?.classification, ...entry });
        }),
  );
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function thingsOfEntry(tool: string, entry: Entry): Thing[] {
  const { id, classification: className = '', group_id: group, group_class: groupClass } = entry;
  const attributes = Object.fromEntries((entry.attrs ?? []).map(({ name, value }) => [name, value]));
  const base = { className, id, group, groupClass, attributes };
  const data = 'points' in entry ? entry['points'] : (entry.data ?? entry);
  switch (tool) {
    case 'bounding_box':
      return finite(boxOf(data), 4).map((numbers) => ({ kind: 'box', ...base, numbers }));
    case 'polygon':
    case 'polyline':
      return finite(flat(data), 4).map((numbers) => ({ kind: tool, ...base, numbers }));
    case 'keypoint':
      return pointsOf(entry, base);
    case 'segmentation':
      return maskOf(entry).map((numbers) => ({ kind: 'mask', ...base, numbers }));
    case 'classification':
      return [{ kind: 'classification', ...base, numbers: [] }];
    default:
      return [];
  }
}

type Base = Pick<Thing, 'className' | 'id' | 'group' | 'groupClass' | 'attributes'>;

/** A point, or (as YOLO's come from the SDK) all points of an object. */
function pointsOf({ data, visibility, bounding_box: box }: Entry, base: Base): Thing[] {
  if (!Array.isArray(data) || data.length === 0) return [];
  const list = data as unknown[];
  if (Array.isArray(list[0])) {
    const numbers = (list as number[][]).flatMap(([x = Number.NaN, y = Number.NaN, visible = 2]) => [x, y, visible]);
    return [{ kind: 'pose', ...base, numbers, ...(box && { box }) }];
  }
  const visible = visibility ?? (list[2] as number | undefined);
  const told = visible === undefined ? {} : { visible };
  return finite(list.slice(0, 2), 2).map((numbers) => ({ kind: 'point', ...base, numbers, ...told }));
}

function maskOf({ encoding, data }: Entry): number[][] {
  if (!Array.isArray(data)) return [];
  if (encoding === 'raw_indices') return [data as number[]];
  if (encoding !== 'dm_rle') return [];
  const runs = data as (readonly [number, number])[];
  return [runs.flatMap(([start, length]) => Array.from({ length }, (_, index) => start + index))];
}

function boxOf(data: unknown): unknown[] {
  if (Array.isArray(data)) return data.slice(0, 4) as unknown[];
  const { x, y, width, height } = data as Readonly<Record<string, unknown>>;
  return [x, y, width, height];
}

function flat(data: unknown): unknown[] {
  return (data as unknown[]).flatMap((point) => {
    if (Array.isArray(point)) return point as unknown[];
    const { x, y } = point as Readonly<Record<string, unknown>>;
    return [x, y];
  });
}

function finite(values: readonly unknown[], fewest: number): number[][] {
  const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
  return values.length >= fewest && values.every(isNumber) ? [[...values]] : [];
}
