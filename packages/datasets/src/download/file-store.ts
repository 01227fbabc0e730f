import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

import type { BackendClient } from '@synapse-steps/backend';

import { isFileSystemError } from '../pictures/file-system-error.js';
import { placePicture } from '../pictures/place-picture.js';
import type { EventFile } from './event-names.js';

export interface FileStoreOptions {
  readonly client: Pick<BackendClient, 'downloads'>;
  /** Where files stay when a download is cut off, so that the next one need not fetch them again. */
  readonly keepFolder: string | undefined;
  readonly signal: AbortSignal;
}

/** Fetches each address once, however many events name it. */
export class FileStore {
  readonly #options: FileStoreOptions;
  readonly #fetched = new Map<string, Promise<string>>();

  constructor(options: FileStoreOptions) {
    this.#options = options;
  }

  /** Puts the file at `to`. @throws BackendError */
  async fetch(file: EventFile, to: string): Promise<void> {
    const known = this.#fetched.get(file.addressName);
    const fetched = known ?? this.#fetch(file, to);
    if (known === undefined) this.#fetched.set(file.addressName, fetched);
    const path = await fetched;
    if (path !== to) await placePicture(path, { to });
  }

  async #fetch({ url, addressName }: EventFile, to: string): Promise<string> {
    const { client, keepFolder, signal } = this.#options;
    const path = keepFolder === undefined ? to : join(keepFolder, addressName);
    if (keepFolder !== undefined) {
      if (await isFile(path)) return path;
      await mkdir(keepFolder, { recursive: true });
    }
    await client.downloads.toFile(url, path, { signal });
    return path;
  }
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    if (isFileSystemError(error, 'ENOENT', 'ENOTDIR')) return false;
    throw error;
  }
}
