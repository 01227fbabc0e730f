import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { DatasetError } from '../dataset-error.js';
import { compareCodePoints } from './compare-code-points.js';
import { orMissing } from './file-system-error.js';

/** The folders in a folder (and links to folders) whose names do not begin with a dot, sorted by code point. */
export async function foldersIn(folder: string): Promise<string[]> {
  const names: string[] = [];
  for (const name of await readdir(folder)) {
    if (!name.startsWith('.') && (await isFolder(join(folder, name)))) names.push(name);
  }
  return names.sort(compareCodePoints);
}

export async function isFolder(path: string): Promise<boolean> {
  return (await orMissing(stat(path), ['ENOENT', 'ENOTDIR', 'ELOOP']))?.isDirectory() ?? false;
}

/** @throws DatasetError `path_missing` */
export async function expectFolder(path: string): Promise<void> {
  if (await isFolder(path)) return;
  throw new DatasetError({ code: 'path_missing', message: `Dataset path does not exist: ${path}` });
}

/**
 * What is said to be divided, and of which no splits are named, is there to train with: it has a split to train, and one to
 * validate.
 *
 * @throws DatasetError `split_missing`
 */
export function expectTraining(folder: string, found: readonly string[]): void {
  const has = (...names: readonly string[]): boolean => names.some((name) => found.includes(name));
  const lacking = [...(has('train') ? [] : ['train']), ...(has('valid', 'validation', 'val') ? [] : ['valid'])][0];
  if (lacking === undefined) return;
  const message = `Required directory "${lacking}" does not exist: ${join(folder, lacking)}`;
  throw new DatasetError({ code: 'split_missing', message, details: { split: lacking } });
}

interface SplitPlace {
  readonly split: string | undefined;
}

/** The names of the splits that were found; none when the data set is not divided. */
export function splitNames(places: readonly SplitPlace[]): string[] | undefined {
  const names = places.flatMap(({ split }) => split ?? []);
  return names.length > 0 ? names : undefined;
}

/**
 * Of the places that were found those of the wanted splits, in that order.
 *
 * @throws DatasetError `split_missing`
 */
export function chooseSplits<T extends SplitPlace>(
  folder: string,
  found: readonly T[],
  wanted: readonly string[],
): T[] {
  return wanted.flatMap((split) => {
    expectSplit(folder, split, splitNames(found) ?? []);
    return found.find((place) => place.split === split) ?? [];
  });
}

/** @throws DatasetError `split_missing` */
export function expectSplit(folder: string, split: string, found: readonly string[]): void {
  if (found.includes(split)) return;
  const message = `${folder} has no split '${split}'; it has: ${found.join(', ') || 'none'}.`;
  throw new DatasetError({ code: 'split_missing', message, details: { split } });
}
