import { rename, rm } from 'node:fs/promises';
import { basename } from 'node:path';

import { readDownloadMarker } from '../download/dataset-cache.js';
import { isBeingFilled, partOf } from '../output/parts.js';
import { isFileSystemError } from '../pictures/file-system-error.js';
import { listCachedDatasets, type CachedDataset, type ListCachedDatasetsOptions } from './list-cached-datasets.js';

export interface ClearCachedDatasetsOptions extends ListCachedDatasetsOptions {
  /** Only those that nobody has asked for in so many milliseconds. Default 0: all. */
  readonly unusedForMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Removes data sets of a cache, with their conversions, and what was left of downloads that were cut off. What a process of
 * this machine is making just now stays. Nobody can tell whether a training still reads a data set that it asked for long
 * ago: `unusedForMs` should be longer than trainings last.
 *
 * @returns what was removed
 * @example
 * await clearCachedDatasets({ unusedForMs: 30 * 24 * 60 * 60 * 1000 });
 */
export async function clearCachedDatasets(options: ClearCachedDatasetsOptions = {}): Promise<CachedDataset[]> {
  const { unusedForMs = 0, signal } = options;
  const latest = Date.now() - unusedForMs;
  const removed: CachedDataset[] = [];
  for (const dataset of await listCachedDatasets(options)) {
    signal?.throwIfAborted();
    if (dataset.lastUsed.getTime() > latest || isBeingFilled(basename(dataset.folder), dataset.lastUsed)) continue;
    const marker = dataset.isComplete ? await readDownloadMarker(dataset.folder) : undefined;
    if (marker !== undefined && marker.lastUsed.getTime() > latest) continue; // somebody has just taken it
    for (const folder of [...dataset.conversions, dataset.folder]) await remove(folder);
    removed.push(dataset);
  }
  return removed;
}

/** First out of the way: nobody may take half a data set for a whole one. */
async function remove(folder: string): Promise<void> {
  const away = partOf(folder);
  try {
    await rename(folder, away);
  } catch (error) {
    if (isFileSystemError(error, 'ENOENT')) return; // somebody else has removed it
    throw error;
  }
  await rm(away, { recursive: true, force: true });
}
