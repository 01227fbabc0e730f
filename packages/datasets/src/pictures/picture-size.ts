import { imageSize } from 'image-size';

import type { PictureFile, Size } from '../model/annotated-picture.js';
import { isFileSystemError } from './file-system-error.js';
import { readStart, withFile } from './small-file.js';

/** What a look at a picture's header finds. */
export type PictureLook =
  | { readonly size: Size; readonly problem?: undefined }
  | { readonly size?: undefined; readonly problem: PictureProblem };

interface PictureProblem {
  readonly code: 'picture_missing' | 'picture_broken';
  /** A sentence. */
  readonly reason: string;
}

/**
 * Reads a picture's size from its header, as it is stored: an orientation in its metadata is not applied, because
 * annotations count pixels of what is stored.
 *
 * @returns the size, or why there is none; a file that is no picture is not an error
 * @throws what the file system throws, apart from "there is no such file"
 */
export function pictureSize(path: string): PictureLook {
  try {
    return withFile(path, (file) => readSize(file, path));
  } catch (error) {
    if (isFileSystemError(error, 'ENOENT', 'ENOTDIR', 'ELOOP')) return missing(path);
    if (isFileSystemError(error, 'EISDIR', 'EAGAIN', 'ESPIPE', 'ENXIO')) return broken(`${path} is not a file.`);
    throw error;
  }
}

const looks = new WeakMap<PictureFile, PictureLook>();

/** `pictureSize` of a picture on its way from a reader to a writer: whoever asks second is told what the first one saw. */
export function lookAt(picture: PictureFile): PictureLook {
  const look = looks.get(picture) ?? pictureSize(picture.path);
  looks.set(picture, look);
  return look;
}

/** As much of a file's beginning as is looked at, until a size is found: metadata can stand before it, in a TIFF all pixels. */
const LOOKS = [4 * 1024, 256 * 1024, 4 * 1024 * 1024, 64 * 1024 * 1024];
const KNOWN = new Set(['png', 'jpg', 'gif', 'bmp', 'webp', 'tiff', 'bigtiff']);

function readSize(file: number, path: string): PictureLook {
  for (const look of LOOKS) {
    const bytes = readStart(file, look);
    const found = sizeInStart(bytes, { path, isWhole: bytes.length < look });
    if (found !== undefined) return found;
  }
  return breaksOff(path);
}

/**
 * Looks for a picture's size in the first bytes of its file.
 *
 * @param about what the file is called in a reason, and whether these are all of its bytes
 * @returns undefined when it takes more of them
 */
export function sizeInStart(
  bytes: Uint8Array,
  { path, isWhole }: { readonly path: string; readonly isWhole: boolean },
): PictureLook | undefined {
  if (bytes.length === 0 && isWhole) return broken(`${path} is empty.`);
  const found = sizeIn(bytes);
  if (found === 'other') return broken(`${path} is none of PNG, JPEG, GIF, BMP, WebP and TIFF.`);
  if (found !== undefined) return { size: found };
  return isWhole ? breaksOff(path) : undefined;
}

function sizeIn(bytes: Uint8Array): Size | 'other' | undefined {
  let found: ReturnType<typeof imageSize>;
  try {
    found = imageSize(new Uint8Array(bytes)); // it would read on where memory goes on behind the bytes
  } catch {
    return undefined; // its way to say "not in these bytes"
  }
  if (!KNOWN.has(found.type ?? '')) return 'other';
  const { width, height } = found;
  return width > 0 && height > 0 ? { width, height } : undefined;
}

function breaksOff(path: string): PictureLook {
  return broken(`${path} is no picture, or one that breaks off before its size.`);
}

function missing(path: string): PictureLook {
  return { problem: { code: 'picture_missing', reason: `There is no file ${path}.` } };
}

function broken(reason: string): PictureLook {
  return { problem: { code: 'picture_broken', reason } };
}
