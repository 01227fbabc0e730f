import { readdir } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';

import { DatasetError } from '../dataset-error.js';
import type { OpenDatasetOptions } from '../model/dataset-reader.js';
import { compareSplits } from '../pictures/compare-splits.js';
import { isFileSystemError } from '../pictures/file-system-error.js';
import { chooseSplits, expectTraining, splitNames } from '../pictures/folders-in.js';
import { firstFile } from './first-file.js';

/** One file of annotations, and where its pictures can be. */
export interface CocoFilePlace {
  readonly split: string | undefined;
  readonly path: string;
  /** In the order in which they are tried. */
  readonly pictureFolders: readonly string[];
}

/** As the SDK names it, and as Roboflow does. */
const FILE_NAMES = ['annotations.json', '_annotations.coco.json'];

/**
 * Three layouts: `annotations.json` beside its pictures; a folder of that kind for each split; and that of COCO itself,
 * `annotations/instances_train2017.json` with the pictures in `train2017/`.
 *
 * @throws DatasetError `path_missing`, `dataset_not_readable`, `split_missing`
 */
export async function findCocoFiles(folder: string, options: OpenDatasetOptions): Promise<readonly CocoFilePlace[]> {
  const entries = await entriesOf(folder);
  const wantsSplits = options.splits !== undefined || options.categorized === true;
  const single = wantsSplits ? undefined : fileIn(folder);
  if (single !== undefined)
    return [{ split: undefined, path: single, pictureFolders: [folder, join(folder, 'images')] }];
  if (options.categorized === false) throw notCoco(folder);
  const found = [...splitFolders(folder, entries), ...(await officialFiles(folder, entries))];
  if (options.splits !== undefined) return chooseSplits(folder, found, options.splits);
  if (options.categorized === true) expectTraining(folder, splitNames(found) ?? []);
  if (found.length === 0) throw notCoco(folder);
  return found.sort((left, right) => compareSplits(left.split ?? '', right.split ?? ''));
}

function splitFolders(folder: string, entries: readonly string[]): CocoFilePlace[] {
  const places: CocoFilePlace[] = [];
  for (const split of entries) {
    const own = join(folder, split);
    const path = split === 'annotations' ? undefined : fileIn(own);
    if (path !== undefined) places.push({ split, path, pictureFolders: [own, join(own, 'images')] });
  }
  return places;
}

/** One file for each split: that of all objects, else that of people and their points. */
async function officialFiles(folder: string, entries: readonly string[]): Promise<CocoFilePlace[]> {
  if (!entries.includes('annotations')) return [];
  const places = new Map<string, CocoFilePlace>();
  for (const kind of ['instances', 'person_keypoints']) {
    for (const file of await entriesOf(join(folder, 'annotations'))) {
      if (!file.startsWith(`${kind}_`) || extname(file) !== '.json') continue;
      const name = basename(file, '.json').slice(kind.length + 1);
      const split = name.replace(/\d{4}$/u, '').replace(/^val$/u, 'valid') || name;
      const pictureFolders = [join(folder, name), join(folder, 'images', name), join(folder, 'images'), folder];
      if (!places.has(split)) places.set(split, { split, path: join(folder, 'annotations', file), pictureFolders });
    }
  }
  return [...places.values()];
}

async function entriesOf(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => !name.startsWith('.')).sort();
  } catch (error) {
    if (!isFileSystemError(error, 'ENOENT', 'ENOTDIR')) throw error;
    throw new DatasetError({ code: 'path_missing', message: `Dataset path does not exist: ${folder}`, cause: error });
  }
}

function fileIn(folder: string): string | undefined {
  return firstFile(FILE_NAMES.map((name) => join(folder, name)));
}

function notCoco(folder: string): DatasetError {
  return new DatasetError({
    code: 'dataset_not_readable',
    message:
      `${folder} is no COCO data set: it has neither ${FILE_NAMES.join(' nor ')}, nor a folder with one for each split, ` +
      `nor annotations/instances_….json.`,
  });
}
