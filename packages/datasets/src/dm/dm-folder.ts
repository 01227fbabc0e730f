import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';

import { DatasetError } from '../dataset-error.js';
import type { OpenDatasetOptions } from '../model/dataset-reader.js';

// A DM data set is a folder with `json/` (one file per picture) and `original_files/` (the pictures), or a folder with such
// a folder per split.

export interface DmSplit {
  readonly split: string | undefined;
  readonly folder: string;
}

const FIRST_SPLITS = ['train', 'valid', 'validation', 'val', 'test'];

/** @throws DatasetError `path_missing`, `dataset_not_readable`, `split_missing` */
export async function findDmSplits(folder: string, options: OpenDatasetOptions): Promise<readonly DmSplit[]> {
  const names = await foldersIn(folder);
  const wantsSplits = options.splits !== undefined || options.categorized === true;
  if (!wantsSplits && names.includes('json')) return [{ split: undefined, folder }];
  if (options.categorized === false) throw notDm(folder);
  const found: string[] = [];
  for (const name of names) if ((await foldersIn(join(folder, name))).includes('json')) found.push(name);
  for (const split of options.splits ?? []) if (!found.includes(split)) throw missing(folder, split, found);
  const splits = options.splits ?? found.sort(asTrained);
  if (splits.length === 0) throw notDm(folder);
  return splits.map((split) => ({ split, folder: join(folder, split) }));
}

async function foldersIn(folder: string): Promise<string[]> {
  if (!(await isFolder(folder))) {
    throw new DatasetError({ code: 'path_missing', message: `Dataset path does not exist: ${folder}` });
  }
  const names = await readdir(folder);
  const kept: string[] = [];
  for (const name of names.sort()) if (await isFolder(join(folder, name))) kept.push(name);
  return kept;
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}

function asTrained(left: string, right: string): number {
  const place = (name: string): number =>
    (FIRST_SPLITS.indexOf(name) + FIRST_SPLITS.length + 1) % (FIRST_SPLITS.length + 1);
  return place(left) - place(right) || (left < right ? -1 : 1);
}

function notDm(folder: string): DatasetError {
  return new DatasetError({
    code: 'dataset_not_readable',
    message: `${folder} is no DM data set: it has neither json/ and original_files/, nor a folder with these for each split.`,
  });
}

function missing(folder: string, split: string, found: readonly string[]): DatasetError {
  return new DatasetError({
    code: 'split_missing',
    message: `${folder} has no split '${split}'; it has: ${found.join(', ') || 'none'}.`,
    details: { split },
  });
}

/** Names of JSON files, sorted, and of pictures by their stems. */
export interface DmFiles {
  readonly documents: readonly string[];
  readonly pictures: ReadonlyMap<string, string>;
}

export async function listDmFiles(folder: string): Promise<DmFiles> {
  const documents = (await namesIn(join(folder, 'json'))).filter((name) => extname(name).toLowerCase() === '.json');
  const pictures = new Map<string, string>();
  for (const name of await namesIn(join(folder, 'original_files'))) {
    const stem = stemOf(name);
    // Files of annotations lie there, too.
    if (!pictures.has(stem) && extname(name).toLowerCase() !== '.json') pictures.set(stem, name);
  }
  return { documents, pictures };
}

/** The name without its last extension. */
export function stemOf(name: string): string {
  return name.slice(0, name.length - extname(name).length);
}

async function namesIn(folder: string): Promise<string[]> {
  return (await isFolder(folder)) ? (await readdir(folder)).sort() : [];
}
