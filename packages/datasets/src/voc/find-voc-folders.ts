import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { DatasetError } from '../dataset-error.js';
import type { OpenDatasetOptions } from '../model/dataset-reader.js';
import { compareSplits } from '../pictures/compare-splits.js';
import { chooseSplits, expectFolder, expectTraining, foldersIn, isFolder, splitNames } from '../pictures/folders-in.js';

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
  return (await findFolders(folder, options)).map((place) => {
    const { pictures, annotations } = place;
    if (pictures !== undefined) return { ...place, pictures };
    const message = `No images directory found in ${dirname(annotations)}. Expected one of: ${PICTURES.join(', ')}.`;
    throw new DatasetError({ code: 'dataset_not_readable', message });
  });
}

/** One that nobody wants need not have pictures. */
interface FoundFolder extends Omit<VocFolder, 'pictures'> {
  readonly pictures: string | undefined;
}

async function findFolders(folder: string, options: OpenDatasetOptions): Promise<readonly FoundFolder[]> {
  const wantsSplits = options.splits !== undefined || options.categorized === true;
  await expectFolder(folder);
  const single = wantsSplits ? undefined : await vocFolder(folder, undefined);
  if (single !== undefined) return [single];
  const found = options.categorized === false ? [] : await splitFolders(folder);
  if (wantsSplits && found.length === 0) found.push(...(await listedSplits(folder, options.splits ?? LISTS)));
  if (options.splits !== undefined) return chooseSplits(folder, found, options.splits);
  if (wantsSplits) expectTraining(folder, splitNames(found) ?? []);
  if (found.length > 0) return found.sort((left, right) => compareSplits(left.split ?? '', right.split ?? ''));
  throw new DatasetError({
    code: 'dataset_not_readable',
    message: `${folder} is no Pascal VOC data set: it has neither Annotations/, nor a folder with one for each split.`,
  });
}

async function splitFolders(folder: string): Promise<FoundFolder[]> {
  const found: FoundFolder[] = [];
  for (const split of await foldersIn(folder)) {
    const own = await vocFolder(join(folder, split), split);
    if (own !== undefined) found.push(own);
  }
  return found;
}

const PICTURES = ['JPEGImages', 'Images', 'images'];
const LISTS = ['train', 'val', 'test'];

async function listedSplits(folder: string, splits: readonly string[]): Promise<FoundFolder[]> {
  const listed: FoundFolder[] = [];
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

async function vocFolder(folder: string, split: string | undefined): Promise<FoundFolder | undefined> {
  const annotations = await firstFolder(folder, ['Annotations', 'annotations']);
  if (annotations === undefined) return undefined;
  const pictures = await firstFolder(folder, PICTURES);
  return { split, annotations, pictures };
}

async function firstFolder(folder: string, names: readonly string[]): Promise<string | undefined> {
  for (const name of names) if (await isFolder(join(folder, name))) return join(folder, name);
  return undefined;
}
