import { stat } from 'node:fs/promises';

import type { FileGroup } from '../file-group.js';
import type { TransferEvent } from '../strategies.js';
import { atOnce } from './at-once.js';

/** What an upload says of itself: groups as the backend counts them, and bytes. */
export interface TransferState {
  readonly standBy: number;
  readonly success: number;
  readonly failed: number;
  readonly bytes: number;
  readonly totalBytes: number;
  /** 0 … 1: bytes, and a little for each file. */
  readonly fraction: number;
}

/** Often enough to be seen moving, and no more. */
const INTERVAL_MS = 250;
/** What a file costs beside its bytes, in bytes: many small ones take their time, too. */
const BYTES_PER_FILE = 16 * 1024;

/** Counts what is sent, and tells it now and then. */
export class TransferProgress {
  readonly #sizes = new Map<string, number>();
  readonly #open = new Map<string, number>();
  readonly #lost = new Set<string>();
  readonly #groups: number;
  readonly #tell: (state: TransferState) => void;
  #files = 0;
  #done = 0;
  #totalBytes = 0;
  #doneBytes = 0;
  #movingBytes = 0;
  #success = 0;
  #toldAt = performance.now();

  private constructor(groups: readonly FileGroup[], tell: (state: TransferState) => void) {
    this.#groups = groups.length;
    this.#tell = tell;
    for (const { key, files } of groups) {
      const count = Object.keys(files).length;
      this.#open.set(key, count);
      this.#files += count;
    }
  }

  /** Looks how large the files are; one that is not there has no bytes. */
  static async of(groups: readonly FileGroup[], tell: (state: TransferState) => void): Promise<TransferProgress> {
    const progress = new TransferProgress(groups, tell);
    const paths = groups.flatMap(({ files }) => Object.values(files));
    await atOnce(paths, 16, async (path) => {
      const { size } = await stat(path).catch(() => ({ size: 0 })); // whoever sends it says what is wrong with it
      progress.#sizes.set(path, size);
      progress.#totalBytes += size;
    });
    return progress;
  }

  get state(): TransferState {
    const failed = this.#lost.size;
    const standBy = Math.max(0, this.#groups - this.#success - failed);
    const bytes = Math.min(this.#totalBytes, this.#doneBytes + this.#movingBytes);
    const all = this.#totalBytes + this.#files * BYTES_PER_FILE;
    const fraction = all === 0 ? 1 : (bytes + this.#done * BYTES_PER_FILE) / all;
    return {
      standBy,
      success: this.#success,
      failed,
      bytes,
      totalBytes: this.#totalBytes,
      fraction: Math.min(1, fraction),
    };
  }

  take(event: TransferEvent): void {
    if (event.type === 'bytes') this.#movingBytes += event.bytes;
    else if (event.type === 'file') this.#endFile(event);
    else return;
    const now = performance.now();
    if (now - this.#toldAt < INTERVAL_MS) return;
    this.#toldAt = now;
    this.#tell(this.state);
  }

  #endFile({ key, path, outcome }: Extract<TransferEvent, { type: 'file' }>): void {
    const size = this.#sizes.get(path) ?? 0;
    this.#done += 1;
    this.#doneBytes += size;
    if (outcome === 'sent') this.#movingBytes = Math.max(0, this.#movingBytes - size); // they are counted as done now
    if (outcome === 'failed') return void this.#lost.add(key);
    const open = (this.#open.get(key) ?? 1) - 1;
    this.#open.set(key, open);
    if (open === 0 && !this.#lost.has(key)) this.#success += 1;
  }
}
