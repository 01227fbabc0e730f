import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { DatasetError } from '../dataset-error.js';
import type { OpenDatasetOptions } from '../model/dataset-reader.js';
import { compareSplits } from '../pictures/compare-splits.js';
import { isFileSystemError } from '../pictures/file-system-error.js';

export interface VocFolder {
  readonly split: string | undefined;
  readonly annotations: string;
  /** Several names are in use; the first one that is there. */
  readonly pictures: string;
  /** Names of the only pictures that count; all, if there is no such list. */
  readonly names?: ReadonlySet<string> | undefined;
}

/**
 * A VOC data set is a folder with `Annotations/` and `JPEGImages/` (or `Images/`, or lower case), or one for each split. In the
 * original one, splits are lists of names in `ImageSets/Main/`; they count when splits are asked for.
 *
 * @throws DatasetError `path_missing`, `dataset_not_readable`, `split_missing`
 */
export async function findVocFolders(folder: string, options: OpenDatasetOptions): Promise<readonly VocFolder[]> {
  const entries = await entriesOf(folder);
  const wantsSplits = options.splits !== undefined || options.categorized === true;
  const single = wantsSplits ? undefined : await vocFolder(folder, undefined);
  if (single !== undefined) return [single];
  const found: VocFolder[] = [];
  for (const split of options.categorized === false ? [] : entries) {
    const own = await vocFolder(join(folder, split), split);
    if (own !== undefined) found.push(own);
  }
  if (wantsSplits && found.length === 0) found.push(...(await listedSplits(folder, options.splits ?? LISTS)));
  if (options.splits !== undefined) return options.splits.map((split) => chosen(folder, found, split));
  if (found.length > 0) return found.sort((left, right) => compareSplits(left.split ?? '', right.split ?? ''));
  throw new DatasetError({
    code: 'dataset_not_readable',
    message: `${folder} is no Pascal VOC data set: it has neither Annotations/, nor a folder with one for each split.`,
  });
}

const LISTS = ['train', 'val', 'test'];

async function listedSplits(folder: string, splits: readonly string[]): Promise<VocFolder[]> {
  const listed: VocFolder[] = [];
  const lists = join(folder, 'ImageSets', 'Main');
  const files = (await isFolder(lists)) ? await readdir(lists) : [];
  for (const split of splits) {
    const own = files.includes(`${split}.txt`) ? await vocFolder(folder, split) : undefined;
    if (own !== undefined) listed.push({ ...own, names: namesIn(await readFile(join(lists, `${split}.txt`), 'utf8')) });
  }
  return listed;
}

/** The first word of each line. */
function namesIn(text: string): Set<string> {
  return new Set(text.split('\n').map((line) => line.trim().split(/\s/u)[0] ?? ''));
}

function chosen(folder: string, found: readonly VocFolder[], split: string): VocFolder {
  const place = found.find((one) => one.split === split);
  if (place !== undefined) return place;
  const names = found.flatMap((one) => one.split ?? []).join(', ') || 'none';
  const message = `${folder} has no split '${split}'; it has: ${names}.`;
  throw new DatasetError({ code: 'split_missing', message, details: { split } });
}

async function vocFolder(folder: string, split: string | undefined): Promise<VocFolder | undefined> {
  const annotations = await firstFolder(folder, ['Annotations', 'annotations']);
  if (annotations === undefined) return undefined;
  const pictures = await firstFolder(folder, ['JPEGImages', 'Images', 'images']);
  return { split, annotations, pictures: pictures ?? join(folder, 'JPEGImages') };
}

async function firstFolder(folder: string, names: readonly string[]): Promise<string | undefined> {
  for (const name of names) if (await isFolder(join(folder, name))) return join(folder, name);
  return undefined;
}

async function entriesOf(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => !name.startsWith('.')).sort();
  } catch (error) {
    if (!isFileSystemError(error, 'ENOENT', 'ENOTDIR')) throw error;
    throw new DatasetError({ code: 'path_missing', message: `Dataset path does not exist: ${folder}`, cause: error });
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (isFileSystemError(error, 'ENOENT', 'ENOTDIR')) return false;
    throw error;
  }
}
