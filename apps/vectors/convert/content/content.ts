import type { FileMap } from '../../actions/cases/file-value.js';

// What a data set says, whatever its format: read from files by means of this folder alone, so that it can be held against
// what the packages wrote.

export type { FileMap } from '../../actions/cases/file-value.js';

/** One annotation. Numbers are in pixels: a box's x, y, width, height; a polygon's or a pose's points; a mask's pixels;
 * an outline's extent: left, top, right, bottom. */
export interface Thing {
  readonly kind: 'box' | 'polygon' | 'polyline' | 'point' | 'pose' | 'mask' | 'outline' | 'classification';
  readonly className: string;
  readonly numbers: readonly number[];
  readonly id?: string | undefined;
  /** Of a point: the object that it belongs to, and its class where that is told. */
  readonly group?: string | undefined;
  readonly groupClass?: string | undefined;
  /** Of a point: 0, 1 or 2, where it is told. */
  readonly visible?: number | undefined;
  /** Those that formats have names for, where they are told. */
  readonly attributes?: Readonly<Record<string, unknown>> | undefined;
  /** Of a pose: the box around it, where there is one. */
  readonly box?: readonly number[] | undefined;
}

export interface Picture {
  /** Empty in a data set that is not divided. */
  readonly split: string;
  /** The file's name. */
  readonly file: string;
  /** Empty when there is no such picture, or one that cannot be read. */
  readonly bytes: string;
  readonly size: Size;
  readonly things: readonly Thing[];
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Content {
  /** Class names in the order of the data set's own list. */
  readonly classes: readonly string[] | undefined;
  /** By split and name. */
  readonly pictures: readonly Picture[];
}

export function bytesOf(file: FileMap[string] | undefined): Buffer {
  return Buffer.from(file?.text ?? file?.base64 ?? '', file?.base64 === undefined ? 'utf8' : 'base64');
}

/** The splits that a data set is divided into, or the one without a name. */
export function splitsOf(files: FileMap, folder: string): string[] {
  const names = Object.keys(files);
  if (names.some((name) => name.startsWith(`${folder}/`))) return [''];
  const found = names.flatMap((name) => new RegExp(`^([^/]+)/${folder}/`).exec(name)?.[1] ?? []);
  return [...new Set(found)].sort();
}

/** Names of the files right below a folder, sorted. */
export function namesIn(files: FileMap, folder: string): string[] {
  const start = folder === '' ? '' : `${folder}/`;
  return Object.keys(files)
    .flatMap((name) =>
      name.startsWith(start) && !name.slice(start.length).includes('/') ? [name.slice(start.length)] : [],
    )
    .filter((name) => name !== '')
    .sort();
}

export function inSplit(split: string, path: string): string {
  return split === '' ? path : `${split}/${path}`;
}

/** The name without its last extension. */
export function stemOf(name: string): string {
  return name.replace(/\.[^.]*$/, '');
}

const PICTURE = /\.(?:jpe?g|png|bmp|webp|gif|tiff?)$/i;

export function isPicture(name: string): boolean {
  return PICTURE.test(name);
}
