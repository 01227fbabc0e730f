import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { DatasetError } from '../dataset-error.js';
import type { OpenDatasetOptions } from '../model/dataset-reader.js';
import { compareSplits, isSplitName } from '../pictures/compare-splits.js';
import { expectFolder, expectSplit, expectTraining, foldersIn } from '../pictures/folders-in.js';
import { isPictureFile } from '../pictures/picture-index.js';

export interface ClassFolders {
  readonly split: string | undefined;
  readonly folder: string;
  /** Names of its folders, sorted. */
  readonly classes: readonly string[];
}

/** @throws DatasetError `path_missing`, `dataset_not_readable`, `split_missing` */
export async function findClassFolders(folder: string, options: OpenDatasetOptions): Promise<readonly ClassFolders[]> {
  await expectFolder(folder);
  const folders = await foldersIn(folder);
  const isDivided = options.splits !== undefined || (options.categorized ?? (await hasSplits(folder, folders)));
  if (!isDivided) {
    if (folders.length > 0) return [{ split: undefined, folder, classes: folders }];
    throw new DatasetError({
      code: 'dataset_not_readable',
      message: `${folder} has no folders: a data set of this format has one for each class, or for each split.`,
    });
  }
  if (options.splits === undefined && options.categorized === true) expectTraining(folder, folders);
  for (const split of options.splits ?? []) expectSplit(folder, split, folders);
  const places: ClassFolders[] = [];
  for (const split of options.splits ?? folders.toSorted(compareSplits)) {
    const place = join(folder, split);
    places.push({ split, folder: place, classes: await foldersIn(place) });
  }
  return places;
}

/** A folder called `train` with folders and no pictures is a split; one with pictures is a class. */
async function hasSplits(folder: string, folders: readonly string[]): Promise<boolean> {
  if (!folders.some(isSplitName)) return false;
  let hasClasses = false;
  for (const name of folders) {
    const place = join(folder, name);
    if ((await readdir(place)).some(isPictureFile)) return false;
    hasClasses ||= (await foldersIn(place)).length > 0;
  }
  return hasClasses;
}
