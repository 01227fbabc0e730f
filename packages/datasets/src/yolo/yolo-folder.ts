import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { DatasetError } from '../dataset-error.js';
import type { OpenDatasetOptions } from '../model/dataset-reader.js';
import { compareSplits, isSplitName } from '../pictures/compare-splits.js';
import { chooseSplits, expectFolder, expectTraining, foldersIn, isFolder, splitNames } from '../pictures/folders-in.js';

// Where pictures and labels lie: `images/` and `labels/` in the folder, or in a folder for each split, or with a folder for
// each split inside.

export interface YoloSplit {
  readonly split: string | undefined;
  readonly images: string;
  readonly labels: string;
}

/** @throws DatasetError `path_missing`, `dataset_not_readable`, `split_missing` */
export async function findYoloSplits(folder: string, options: OpenDatasetOptions): Promise<readonly YoloSplit[]> {
  await expectFolder(folder);
  const found = await findSplits(folder);
  if (options.splits !== undefined) return chooseSplits(folder, found, options.splits);
  const isDivided = options.categorized ?? (found.length > 0 && !(await hasPlace(folder)));
  if (!isDivided) return [{ split: undefined, ...(await placeIn(folder)) }];
  if (options.categorized === true) expectTraining(folder, splitNames(found) ?? []);
  return found;
}

type Place = Pick<YoloSplit, 'images' | 'labels'>;

const IMAGES = ['images', 'img', 'imgs'];

/** `train/images`, or `images/train`. */
async function findSplits(folder: string): Promise<YoloSplit[]> {
  const found: YoloSplit[] = [];
  for (const split of (await foldersIn(folder)).sort(compareSplits)) {
    const place = IMAGES.includes(split) || split === 'labels' ? undefined : await findPlace(join(folder, split));
    if (place?.labels !== undefined) found.push({ split, images: place.images, labels: place.labels });
  }
  const place = found.length === 0 ? await findPlace(folder) : undefined;
  if (place?.labels === undefined) return found;
  const inside = (await foldersIn(place.images)).filter(isSplitName).sort(compareSplits);
  const { images, labels } = { images: place.images, labels: place.labels };
  return inside.map((split) => ({ split, images: join(images, split), labels: join(labels, split) }));
}

/** Whether the folder has pictures that are of no split. */
async function hasPlace(folder: string): Promise<boolean> {
  const place = await findPlace(folder);
  if (place === undefined) return false;
  const entries = await readdir(place.images, { withFileTypes: true });
  return entries.some((entry) => !entry.isDirectory() || !isSplitName(entry.name));
}

async function placeIn(folder: string): Promise<Place> {
  const place = await findPlace(folder);
  if (place === undefined) {
    throw notYolo(`No images directory found in ${folder}. Expected 'images', 'img', or 'imgs'.`);
  }
  if (place.labels === undefined) throw notYolo(`No 'labels' directory found in ${folder}.`);
  return { images: place.images, labels: place.labels };
}

async function findPlace(folder: string): Promise<{ images: string; labels: string | undefined } | undefined> {
  for (const name of IMAGES) {
    const images = join(folder, name);
    const labels = join(folder, 'labels');
    if (await isFolder(images)) return { images, labels: (await isFolder(labels)) ? labels : undefined };
  }
  return undefined;
}

function notYolo(message: string): DatasetError {
  return new DatasetError({ code: 'dataset_not_readable', message });
}
