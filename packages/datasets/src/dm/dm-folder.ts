import { extname, join } from 'node:path';

import { DatasetError } from '../dataset-error.js';
import type { OpenDatasetOptions } from '../model/dataset-reader.js';
import type { LeaveOut } from '../model/left-out.js';
import { compareCodePoints } from '../pictures/compare-code-points.js';
import { compareSplits } from '../pictures/compare-splits.js';
import { expectFolder, expectTraining, foldersIn, isFolder } from '../pictures/folders-in.js';
import { filesIn, picturesIn } from '../pictures/picture-index.js';

// A DM data set is a folder with `json/` (one file per picture) and `original_files/` (the pictures), or a folder with such
// a folder per split.

export interface DmSplit {
  readonly split: string | undefined;
  readonly folder: string;
}

/** @throws DatasetError `path_missing`, `dataset_not_readable`, `split_missing` */
export async function findDmSplits(folder: string, options: OpenDatasetOptions): Promise<readonly DmSplit[]> {
  await expectFolder(folder);
  const names = await foldersIn(folder);
  const asked = options.splits ?? [];
  const wanted = asked.length === 0 && options.categorized === true ? trainingSplits(folder, names) : asked;
  const isFlat = wanted.length === 0 && (options.categorized === false || names.includes('json'));
  const splits = isFlat ? [undefined] : await splitsIn(folder, { names, wanted, isClosed: asked.length > 0 });
  const found = splits.map((split) => ({ split, folder: join(folder, split ?? '.') }));
  for (const { folder: part } of found) await checkParts(part);
  return found;
}

/** To train and to validate with: what is said to be divided has both. */
function trainingSplits(folder: string, names: readonly string[]): readonly string[] {
  expectTraining(folder, names);
  return ['train', 'valid', 'validation', 'val'].filter((split) => names.includes(split));
}

interface SplitSearch {
  /** All folders. */
  readonly names: readonly string[];
  readonly wanted: readonly string[];
  /** Whether others than the wanted ones are of no interest. */
  readonly isClosed: boolean;
}

async function splitsIn(folder: string, { names, wanted, isClosed }: SplitSearch): Promise<readonly string[]> {
  for (const split of wanted) if (!names.includes(split)) throw missingFolder(folder, split, 'split_missing');
  if (isClosed) return wanted;
  const found = [...wanted];
  for (const name of names) {
    if (!found.includes(name) && (await isFolder(join(folder, name, 'json')))) found.push(name);
  }
  if (found.length === 0) throw notDm(folder);
  return found.sort(compareSplits);
}

async function checkParts(folder: string): Promise<void> {
  for (const name of ['json', 'original_files']) {
    if (!(await isFolder(join(folder, name)))) throw missingFolder(folder, name, 'dataset_not_readable');
  }
}

function notDm(folder: string): DatasetError {
  return new DatasetError({
    code: 'dataset_not_readable',
    message: `${folder} is no DM data set: it has neither json/ and original_files/, nor a folder with these for each split.`,
  });
}

function missingFolder(folder: string, name: string, code: 'split_missing' | 'dataset_not_readable'): DatasetError {
  const message = `Required directory "${name}" does not exist: ${join(folder, name)}`;
  return new DatasetError({ code, message, details: { name } });
}

/** Names of JSON files, sorted by code point, and of pictures by their stems. */
export interface DmFiles {
  readonly documents: readonly string[];
  readonly pictures: ReadonlyMap<string, string>;
}

/** @param label of the split, before names in reports */
export async function listDmFiles(
  folder: string,
  { leaveOut, label }: { readonly leaveOut: LeaveOut; readonly label: string | undefined },
): Promise<DmFiles> {
  const names = await filesIn(join(folder, 'json'));
  const documents = names.filter(isDocument).sort(compareCodePoints);
  return { documents, pictures: await picturesIn(join(folder, 'original_files'), { leaveOut, label }) };
}

/** How many pictures a data set speaks of. */
export async function countDocuments(splits: readonly DmSplit[]): Promise<number> {
  let count = 0;
  for (const { folder } of splits) count += (await filesIn(join(folder, 'json'))).filter(isDocument).length;
  return count;
}

function isDocument(name: string): boolean {
  return extname(name).toLowerCase() === '.json';
}
