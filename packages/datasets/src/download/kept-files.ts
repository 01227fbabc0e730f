import { readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { isFileSystemError, orMissing } from '../pictures/file-system-error.js';
import { wholeFiles, type WholeFile } from './fetched-list.js';

/**
 * Whole files that earlier downloads had fetched, in the folders that these were filling. Each can be had once; a folder of
 * which all were taken is removed.
 */
export class KeptFiles {
  readonly #files = new Map<string, WholeFile & { readonly part: string }>();
  readonly #left = new Map<string, number>();

  static async in(keepFolder: string): Promise<KeptFiles> {
    const kept = new KeptFiles();
    for (const name of (await orMissing(readdir(keepFolder))) ?? []) await kept.#add(join(keepFolder, name));
    return kept;
  }

  /** Moves a file to its place. @returns its size; undefined when there is no such file */
  async take(key: string, to: string): Promise<number | undefined> {
    const file = this.#files.get(key);
    if (file === undefined) return undefined;
    this.#files.delete(key);
    const isTaken = await moveWhole(file, to);
    const left = (this.#left.get(file.part) ?? 0) - 1;
    this.#left.set(file.part, left);
    if (left === 0) await rm(file.part, { recursive: true, force: true });
    return isTaken ? file.size : undefined;
  }

  async #add(part: string): Promise<void> {
    for (const file of await wholeFiles(part)) {
      if (this.#files.has(file.key)) continue;
      this.#files.set(file.key, { ...file, part });
      this.#left.set(part, (this.#left.get(part) ?? 0) + 1);
    }
    if (!this.#left.has(part)) await rm(part, { recursive: true, force: true });
  }
}

/** False when it is not as it was when it had arrived: another download took it, or the machine had stopped too soon. */
async function moveWhole({ path, size }: WholeFile, to: string): Promise<boolean> {
  try {
    if ((await stat(path)).size !== size) return false;
    await rename(path, to);
    return true;
  } catch (error) {
    if (isFileSystemError(error, 'ENOENT', 'ENOTDIR')) return false;
    throw error;
  }
}
