import { setMaxListeners } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import type { GroundTruthEvent, Id } from '@synapse-steps/backend/api';

import type { LeaveOut } from '../model/left-out.js';
import { splitFolder } from '../pictures/usable-picture.js';
import { backendIdentity, type DownloadClient } from './data-identity.js';
import { downloadEvent } from './download-event.js';
import type { DatasetLog, DownloadProgress } from './download-log.js';
import { EventNames, type NamedEvent } from './event-names.js';
import { FileStore, type Resume } from './file-store.js';
import { Fingerprint } from './fingerprint.js';
import { listSplit, PAGE_SIZE } from './list-split.js';
import type { SplitQuery } from './split-filters.js';

export interface DownloadSplitOptions {
  readonly client: DownloadClient;
  readonly dataset: Id;
  /** The data set's folder. */
  readonly folder: string;
  readonly resume?: Resume | undefined;
  readonly concurrency: number;
  readonly signal: AbortSignal;
  readonly leaveOut: LeaveOut;
  readonly log: DatasetLog;
  readonly onProgress: (progress: Omit<DownloadProgress, 'overall'>) => void;
}

export interface DownloadedSplit {
  readonly count: number;
  readonly fingerprint: string;
}

/** Downloads the events of one list, a bounded number at a time; of the list itself only one page is held. */
export async function downloadSplit(query: SplitQuery, options: DownloadSplitOptions): Promise<DownloadedSplit> {
  const folder = splitFolder(options.folder, query.split);
  for (const name of ['json', 'original_files']) await mkdir(join(folder, name), { recursive: true });
  return new SplitDownload(query, { ...options, folder }).run();
}

class SplitDownload {
  readonly #query: SplitQuery;
  readonly #options: DownloadSplitOptions;
  readonly #names: EventNames;
  readonly #fingerprint: Fingerprint;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  readonly #files: FileStore;
  readonly #running = new Set<Promise<void>>();
  #failure: { readonly error: unknown } | undefined;
  #total = 0;
  #listed = 0;
  #isListed = false;
  #done = 0;
  #withPicture = 0;
  #percent = 0;
  #phase: DownloadProgress['phase'] = 'fetch';

  constructor(query: SplitQuery, options: DownloadSplitOptions) {
    this.#query = query;
    this.#options = options;
    const backend = backendIdentity(options.client);
    this.#names = new EventNames(backend);
    this.#fingerprint = new Fingerprint(backend, PAGE_SIZE);
    this.#signal = AbortSignal.any([options.signal, this.#stop.signal]);
    setMaxListeners(0, this.#signal); // as many listen as files travel; Node would take that for a leak
    this.#files = new FileStore({ ...options, resume: options.resume, signal: this.#signal });
  }

  async run(): Promise<DownloadedSplit> {
    this.#options.onProgress({ phase: 'fetch', percent: 2 });
    try {
      for await (const event of this.#list()) await this.#begin(event);
      this.#isListed = true;
      if (this.#listed > 0) this.#tellDownloads();
    } catch (error) {
      this.#fail(error);
    }
    await Promise.all(this.#running);
    if (this.#failure !== undefined) throw this.#failure.error;
    this.#tellStats();
    return { count: this.#done, fingerprint: this.#fingerprint.digest() };
  }

  #list(): AsyncGenerator<GroundTruthEvent> {
    const { client, dataset } = this.#options;
    const onCount = (count: number | undefined): void => {
      this.#fingerprint.count(count);
      this.#found(count ?? 0);
    };
    return listSplit(this.#query, { client, dataset, onCount, signal: this.#signal });
  }

  #found(count: number): void {
    const { log, onProgress } = this.#options;
    this.#total = count;
    onProgress({ phase: 'fetch', percent: 5 });
    log.event?.('gt_events_listed', { total_count: count });
    log.message?.('DATASET_GT_EVENTS_FOUND', { count });
  }

  /** Waits for a free place: so the list is not read faster than its files arrive. */
  async #begin(event: GroundTruthEvent): Promise<void> {
    this.#fingerprint.add(event);
    const named = this.#names.name(event);
    this.#listed += 1;
    this.#tell('fetch', 5 + (this.#listed / Math.max(this.#total, this.#listed)) * 45);
    while (this.#running.size >= this.#options.concurrency) await Promise.race(this.#running);
    if (this.#failure !== undefined) throw this.#failure.error;
    const work = this.#download(named).finally(() => this.#running.delete(work));
    this.#running.add(work);
  }

  async #download(named: NamedEvent): Promise<void> {
    try {
      const { folder, leaveOut } = this.#options;
      const options = { files: this.#files, folder, leaveOut, split: this.#query.split, signal: this.#signal };
      await downloadEvent(named, options);
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.#done += 1;
    if (named.hasPicture) this.#withPicture += 1;
    if (this.#isListed || this.#listed >= this.#total) this.#tellDownloads();
  }

  #tellDownloads(): void {
    this.#tell('download', 50 + (this.#done / this.#listed) * 50);
  }

  /** The first failure ends the others; what they then say is its consequence. */
  #fail(error: unknown): void {
    if (this.#failure !== undefined) return;
    this.#failure = { error };
    this.#stop.abort(error);
  }

  #tell(phase: DownloadProgress['phase'], percent: number): void {
    const whole = Math.floor(percent);
    if (whole < this.#percent || (whole === this.#percent && phase === this.#phase)) return;
    this.#percent = whole;
    this.#phase = phase;
    this.#options.onProgress({ phase, percent: whole });
  }

  #tellStats(): void {
    const { log } = this.#options;
    const missing = this.#done - this.#withPicture;
    log.event?.('download_stats', { images_found: this.#withPicture, images_not_found: missing });
    if (missing > 0) log.message?.('DATASET_DOWNLOAD_PARTIAL', { downloaded: this.#done, missing });
  }
}
