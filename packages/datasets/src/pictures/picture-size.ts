import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';

import { imageSize } from 'image-size';

import type { Size } from '../model/annotated-picture.js';
import { isFileSystemError } from './file-system-error.js';

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
export async function pictureSize(path: string): Promise<PictureLook> {
  let file: FileHandle;
  try {
    file = await open(path, WITHOUT_WAITING);
  } catch (error) {
    if (isFileSystemError(error, 'ENOENT', 'ENOTDIR', 'ELOOP')) return missing(path);
    throw error;
  }
  try {
    return await readSize(file, path);
  } catch (error) {
    if (isFileSystemError(error, 'EISDIR', 'EAGAIN', 'ESPIPE')) return broken(`${path} is not a file.`);
    throw error;
  } finally {
    await file.close();
  }
}

/** To open a pipe would otherwise be to wait for its other end. (Windows has no such flag, and no such pipes.) */
const WITHOUT_WAITING = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** As much of a file's beginning as is looked at, until a size is found: metadata can stand before it, in a TIFF all pixels. */
const LOOKS = [4 * 1024, 256 * 1024, 4 * 1024 * 1024, 64 * 1024 * 1024];
const KNOWN = new Set(['png', 'jpg', 'gif', 'bmp', 'webp', 'tiff', 'bigtiff']);

async function readSize(file: FileHandle, path: string): Promise<PictureLook> {
  for (const look of LOOKS) {
    const bytes = await readStart(file, look);
    if (bytes.length === 0) return broken(`${path} is empty.`);
    const found = sizeIn(bytes);
    if (found === 'other') return broken(`${path} is none of PNG, JPEG, GIF, BMP, WebP and TIFF.`);
    if (found !== undefined) return { size: found };
    if (bytes.length < look) break;
  }
  return broken(`${path} is no picture, or one that breaks off before its size.`);
}

async function readStart(file: FileHandle, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(bytes, filled, length - filled, filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

function sizeIn(bytes: Uint8Array): Size | 'other' | undefined {
  let found: ReturnType<typeof imageSize>;
  try {
    found = imageSize(bytes);
  } catch {
    return undefined; // its way to say "not in these bytes"
  }
  if (!KNOWN.has(found.type ?? '')) return 'other';
  const { width, height } = found;
  return width > 0 && height > 0 ? { width, height } : undefined;
}

function missing(path: string): PictureLook {
  return { problem: { code: 'picture_missing', reason: `There is no file ${path}.` } };
}

function broken(reason: string): PictureLook {
  return { problem: { code: 'picture_broken', reason } };
}
