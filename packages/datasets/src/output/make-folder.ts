import { randomUUID } from 'node:crypto';
import { lstat, mkdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { DatasetError } from '../dataset-error.js';

/**
 * Makes a folder whole or not at all: it is filled under another name beside its place, and renamed when it is complete.
 * Whatever goes wrong, nothing is left.
 *
 * @param fill gets the folder under its first name
 * @throws DatasetError `output_exists`
 */
export async function makeFolder<T>(folder: string, fill: (partFolder: string) => Promise<T>): Promise<T> {
  await refuseExisting(folder);
  await mkdir(dirname(folder), { recursive: true });
  const part = join(dirname(folder), `.${basename(folder)}.${randomUUID()}.part`);
  await mkdir(part);
  try {
    const result = await fill(part);
    await refuseExisting(folder);
    await rename(part, folder);
    return result;
  } catch (error) {
    await rm(part, { recursive: true, force: true });
    throw error;
  }
}

async function refuseExisting(folder: string): Promise<void> {
  if ((await statOf(folder)) === undefined) return;
  throw new DatasetError({
    code: 'output_exists',
    message: `${folder} is there already. Remove it, or name another folder.`,
  });
}

async function statOf(path: string): Promise<unknown> {
  try {
    return await lstat(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
