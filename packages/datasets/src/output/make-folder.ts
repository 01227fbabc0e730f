import { mkdir, readdir, stat, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

import { DatasetError } from '../dataset-error.js';
import { isFileSystemError, orMissing } from '../pictures/file-system-error.js';
import { toOutputError } from './output-error.js';
import { partOf, removeDeadParts } from './parts.js';

export interface MakeFolderOptions {
  /** Whether what is there already is replaced. Default false. */
  readonly replace?: boolean;
}

/**
 * Makes a folder whole or not at all: it is filled under another name beside its place, and renamed when it is complete.
 * Whatever goes wrong, nothing is left.
 *
 * @param fill gets the folder under its first name
 * @throws DatasetError `output_exists`, `output_not_writable`
 */
export async function makeFolder<T>(
  folder: string,
  fill: (partFolder: string) => Promise<T>,
  options: MakeFolderOptions = {},
): Promise<T> {
  try {
    return await make(folder, fill, options);
  } catch (error) {
    throw toOutputError(error, folder);
  }
}

async function make<T>(
  folder: string,
  fill: (partFolder: string) => Promise<T>,
  { replace = false }: MakeFolderOptions,
): Promise<T> {
  if (!replace) await refuseExisting(folder);
  await mkdir(dirname(folder), { recursive: true });
  await removeDeadParts(folder);
  const part = partOf(folder);
  await mkdir(part);
  try {
    const result = await fill(part);
    await (replace ? exchange(part, folder) : moveTo(part, folder));
    return result;
  } catch (error) {
    await rm(part, { recursive: true, force: true });
    throw error;
  }
}

async function exchange(part: string, folder: string): Promise<void> {
  const old = `${part}.old`;
  const isMoved = await moveAway(folder, old);
  try {
    await moveTo(part, folder);
  } catch (error) {
    if (isMoved && (await isFree(folder))) await moveTo(old, folder);
    throw error;
  } finally {
    await rm(old, { recursive: true, force: true });
  }
}

/** @returns false where somebody else is replacing it just now */
async function moveAway(folder: string, old: string): Promise<boolean> {
  try {
    await rename(folder, old);
    return true;
  } catch (error) {
    if (isFileSystemError(error, 'ENOENT')) return false;
    throw error;
  }
}

async function moveTo(part: string, folder: string): Promise<void> {
  await refuseExisting(folder);
  try {
    await rename(part, folder);
  } catch (error) {
    throw isFileSystemError(error, 'ENOTEMPTY', 'EEXIST') ? exists(folder) : error; // somebody was faster
  }
}

async function refuseExisting(folder: string): Promise<void> {
  if (!(await isFree(folder))) throw exists(folder);
}

function exists(folder: string): DatasetError {
  return new DatasetError({
    code: 'output_exists',
    message: `${folder} is there already. Remove it, or name another folder.`,
  });
}

/** Whether a folder can be made there. An empty one is not in the way: the new one takes its place. */
export async function isFree(folder: string): Promise<boolean> {
  try {
    return (await readdir(folder)).length === 0;
  } catch (error) {
    if (isFileSystemError(error, 'ENOENT')) return true;
    if (isFileSystemError(error, 'ENOTDIR')) return !(await isFile(folder));
    throw error;
  }
}

/** A path below a file is free, too; that no folder can be made there is what making it says. */
async function isFile(path: string): Promise<boolean> {
  return (await orMissing(stat(path), ['ENOTDIR']))?.isFile() ?? false;
}
