import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { orMissing } from '../pictures/file-system-error.js';

/** What folders take on the disk, and when something in them last changed. */
export interface DiskUse {
  /** A file that has several names in them counts once. */
  readonly bytes: number;
  readonly changed: Date;
}

export async function diskUse(folders: readonly string[]): Promise<DiskUse> {
  const count = new DiskCount();
  for (const folder of folders) await count.add(folder);
  return { bytes: count.bytes, changed: new Date(count.changed) };
}

const AT_ONCE = 64;

class DiskCount {
  bytes = 0;
  changed = 0;
  readonly #linked = new Set<string>();

  async add(path: string): Promise<void> {
    const found = await orMissing(lstat(path)); // somebody may remove it meanwhile
    if (found === undefined) return;
    this.changed = Math.max(this.changed, found.mtimeMs);
    if (found.isDirectory()) return await this.#addAll(path);
    if (found.nlink > 1) {
      const file = `${found.dev} ${found.ino}`;
      if (this.#linked.has(file)) return;
      this.#linked.add(file);
    }
    this.bytes += found.size;
  }

  async #addAll(folder: string): Promise<void> {
    const names = (await orMissing(readdir(folder))) ?? [];
    for (let at = 0; at < names.length; at += AT_ONCE) {
      await Promise.all(names.slice(at, at + AT_ONCE).map((name) => this.add(join(folder, name))));
    }
  }
}
