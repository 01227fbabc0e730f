import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';

import type { Id } from '@synapse-steps/backend/api';

import { LeftOutList } from '../convert/conversion-report.js';
import { DatasetError } from '../dataset-error.js';
import type { Dataset } from '../dataset.js';
import type { LeftOut, LeftOutCode } from '../model/left-out.js';
import { makeFolder } from '../output/make-folder.js';
import { deadPartsOf } from '../output/parts.js';
import type { DownloadClient } from './data-identity.js';
import { findCached, writeMarker, type CacheEntry } from './dataset-cache.js';
import type { DatasetLog, DownloadProgress } from './download-log.js';
import { downloadSplit, type DownloadSplitOptions } from './download-split.js';
import { FetchedList, keepPart } from './fetched-list.js';
import { KeptFiles } from './kept-files.js';
import { splitQueries, splitsSchema, type SplitFilters, type SplitQuery } from './split-filters.js';

export interface DownloadDatasetOptions {
  readonly client: DownloadClient;
  /** The version of the data set. */
  readonly dataset: Id;
  /** A folder per split, with conditions on its events: `{ train: {}, valid: { tag: 'x' } }`. Default: one folder for all. */
  readonly splits?: Readonly<Record<string, Readonly<Record<string, unknown>> | null>> | null | undefined;
  /** The folder to make; it must not be there, or be empty. Either this or `cacheDir`. */
  readonly outputDir?: string | undefined;
  /** A folder of data sets: one that was downloaded before, and that the backend still has like this, is taken from it. */
  readonly cacheDir?: string | undefined;
  /** How many events travel at once. Default 10. */
  readonly concurrency?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  readonly log?: DatasetLog | undefined;
}

/** What a download gives. */
export interface DownloadedDataset extends Dataset {
  readonly format: 'dm_v2';
  readonly count: number;
  /** True when it was in the cache. */
  readonly reused: boolean;
  /** True when its folder belongs to a cache: whoever undoes the download leaves it. */
  readonly isCached: boolean;
  /** What was wrong with single pictures or annotations: the first hundred, and the number of each kind. */
  readonly leftOut: readonly LeftOut[];
  readonly leftOutCounts: Readonly<Partial<Record<LeftOutCode, number>>>;
}

/**
 * Downloads a data set as DM version 2. Its folder appears when it is complete. Where a download into a cache is cut off,
 * the next one goes on with the files that had arrived.
 *
 * @throws DatasetError `dataset_empty`, `download_failed`, `output_exists`, `params_invalid`; what the client throws; the
 *   signal's reason
 * @example
 * const { path, count } = await downloadDataset({ client, dataset: 11, splits: { train: {}, valid: {} }, outputDir: 'digits' });
 */
export async function downloadDataset(options: DownloadDatasetOptions): Promise<DownloadedDataset> {
  const { client, dataset, outputDir, cacheDir, log = {}, onProgress = () => undefined } = options;
  const signal = options.signal ?? new AbortController().signal;
  signal.throwIfAborted();
  const splits = checkedSplits(options);
  const queries = splitQueries(splits);
  const leftOut = new LeftOutList();
  const concurrency = Math.max(1, Math.floor(options.concurrency ?? 10));
  const download: Download = {
    client,
    dataset,
    concurrency,
    signal,
    log,
    onProgress,
    queries,
    leaveOut: leftOut.leaveOut,
  };
  const isCategorized = queries.some(({ split }) => split !== undefined);
  const result = { format: 'dm_v2', isCategorized, configPath: null, sourcePath: null } as const;
  if (cacheDir === undefined) {
    const path = resolve(outputDir ?? '.');
    const { count } = await makeFolder(path, (folder) => downloadTo(folder, path, download));
    return { ...result, path, count, reused: false, isCached: false, ...told(leftOut) };
  }
  const find = (): Promise<CacheEntry> => findCached(resolve(cacheDir), { ...download, splits });
  const { path, count, isComplete: reused, key } = await filled(await find(), { download, find });
  if (reused) log.event?.('download_cache_hit', { path, cache_key: key });
  return { ...result, path, count, reused, isCached: true, ...told(leftOut) };
}

/** What a download needs, whatever its folder. */
export interface Download extends Omit<DownloadSplitOptions, 'folder' | 'onProgress'> {
  readonly onProgress: (progress: DownloadProgress) => void;
  readonly queries: readonly SplitQuery[];
}

function checkedSplits(options: DownloadDatasetOptions): SplitFilters | undefined {
  const { outputDir, cacheDir, splits } = options;
  if ((outputDir === undefined) === (cacheDir === undefined)) {
    throw invalid('Say where the data set goes: either outputDir or cacheDir.');
  }
  if (splits === undefined || splits === null) return undefined;
  const parsed = splitsSchema.safeParse(splits);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw invalid(`The splits are not usable: ${['splits', ...(issue?.path ?? [])].join('.')}: ${issue?.message}`);
}

function invalid(message: string): DatasetError {
  return new DatasetError({ code: 'params_invalid', message });
}

function told({ entries, counts }: LeftOutList): Pick<DownloadedDataset, 'leftOut' | 'leftOutCounts'> {
  return { leftOut: entries, leftOutCounts: counts };
}

interface FillOptions {
  readonly download: Download;
  readonly find: () => Promise<CacheEntry>;
}

/** The entry with its data. Whoever comes second, when two fill the same one, takes what the first one made, whatever it stumbled over. */
async function filled(entry: CacheEntry, { download, find }: FillOptions): Promise<CacheEntry> {
  if (entry.isComplete) return entry;
  const { path, keepFolder } = entry;
  const forget = (): Promise<void> => rm(keepFolder, { recursive: true, force: true });
  try {
    for (const part of await deadPartsOf(path)) await keepPart(part, keepFolder);
    const count = await makeFolder(path, (folder) => fill(folder, entry, download));
    await forget();
    return { ...entry, count };
  } catch (error) {
    if (download.signal.aborted) throw error;
    const other = await find();
    if (!other.isComplete) throw error;
    if (other.path === path) await forget();
    return other;
  }
}

/** @returns the number of events */
async function fill(folder: string, { path, keepFolder, facts }: CacheEntry, download: Download): Promise<number> {
  const fetched = new FetchedList(folder);
  const kept = await KeptFiles.in(keepFolder);
  try {
    const made = await downloadTo(folder, path, { ...download, resume: { kept, fetched } });
    await fetched.end();
    await writeMarker(folder, { ...facts, ...made });
    return made.count;
  } catch (error) {
    await fetched.keep(keepFolder).catch(() => undefined); // spares the next one some work; what counts is why this one ended
    throw error;
  }
}

interface DownloadedFolder {
  readonly count: number;
  readonly fingerprint: string;
}

/** @param path where the folder will be */
async function downloadTo(folder: string, path: string, download: Download): Promise<DownloadedFolder> {
  const { dataset, log, onProgress, queries } = download;
  const isCategorized = queries.some(({ split }) => split !== undefined);
  onProgress({ phase: 'init', percent: 0, overall: 0 });
  log.event?.('download_start', { dataset, is_categorized: isCategorized });
  log.message?.('DATASET_DOWNLOAD_STARTING', { dataset_id: dataset });
  onProgress({ phase: 'init', percent: 1, overall: 1 });
  let total = 0;
  const fingerprints: string[] = [];
  for (const [index, query] of queries.entries()) {
    const tell: DownloadSplitOptions['onProgress'] = ({ phase, percent }) => {
      const overall = Math.max(1, Math.floor((index * 100 + percent) / queries.length));
      onProgress({ phase, percent, overall });
    };
    const { count, fingerprint } = await downloadSplit(query, { ...download, folder, onProgress: tell });
    total += count;
    fingerprints.push(fingerprint);
    if (query.split === undefined) continue;
    log.event?.('split_downloaded', { split: query.split, count });
    log.message?.('DATASET_SPLIT_DOWNLOADED', { split_name: query.split, count });
  }
  if (total === 0) throw empty(dataset, queries);
  log.event?.('download_complete', { path, total_units: total });
  log.message?.('DATASET_DOWNLOAD_COMPLETED', { count: total });
  return { count: total, fingerprint: fingerprints.join(' ') };
}

function empty(dataset: Id, queries: readonly SplitQuery[]): DatasetError {
  const splits = queries.flatMap(({ split }) => split ?? []);
  const where = splits.length > 0 ? ` in the splits ${splits.join(', ')}` : '';
  return new DatasetError({
    code: 'dataset_empty',
    message: `The data set ${dataset} has no events${where}. Check its id, the names of the splits and their conditions.`,
  });
}
