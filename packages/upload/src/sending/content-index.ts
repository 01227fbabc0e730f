import { createHash } from 'node:crypto';

import type { UploadSource } from '@synapse-steps/backend';

/** How much of a large file is looked at first. */
const BEGINNING_BYTES = 64 * 1024;

export interface Content {
  readonly source: UploadSource;
}

/** All files of one content, by the one that is sent for them. */
export interface SameContent<T extends Content> {
  /** Another one takes its place when it does not arrive. */
  item: T;
}

interface Entry<T extends Content> extends SameContent<T> {
  /** SHA-1 of all of it, once somebody had to know. */
  whole: string | undefined;
}

/**
 * Tells which files have the same content, mostly without reading any of them twice: by size and beginning first, and only
 * when those are equal by all of it.
 */
export class ContentIndex<T extends Content> {
  readonly #entries = new Map<string, Entry<T>[]>();

  /**
   * The content that this file has; its `item` is the file itself when no other one had it before.
   *
   * @throws BackendError `file_changed` or `file_not_readable` when it cannot be read
   */
  async contentOf(item: T): Promise<SameContent<T>> {
    const key = `${item.source.size}:${await sha1(item.source, BEGINNING_BYTES)}`;
    const alike = this.#entries.get(key) ?? [];
    const mine: Entry<T> = { item, whole: undefined };
    this.#entries.set(key, alike);
    for (const entry of alike) {
      if (item.source.size <= BEGINNING_BYTES) return entry;
      mine.whole ??= await sha1(item.source);
      entry.whole ??= await sha1(entry.item.source).catch(() => ''); // cannot be read any more: equal to nothing
      if (entry.whole === mine.whole) return entry;
    }
    alike.push(mine);
    return mine;
  }
}

/** Of all of it, or of the beginning. */
async function sha1(source: UploadSource, most = source.size): Promise<string> {
  const hash = createHash('sha1');
  const range = { start: 0, end: Math.min(most, source.size) };
  for await (const chunk of source.read(range)) hash.update(chunk);
  return hash.digest('hex');
}
