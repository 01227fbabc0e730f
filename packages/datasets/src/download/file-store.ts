import type { BackendClient } from '@synapse-steps/backend';

import { sizeInStart, type PictureLook } from '../pictures/picture-size.js';
import { placePicture } from '../pictures/place-picture.js';
import type { EventFile } from './event-names.js';
import type { FetchedList } from './fetched-list.js';
import type { KeptFiles } from './kept-files.js';
import { saveFile } from './save-file.js';

export interface FileStoreOptions {
  readonly client: Pick<BackendClient, 'downloads'>;
  /** For a download that another one can go on with. */
  readonly resume: Resume | undefined;
  readonly signal: AbortSignal;
}

export interface Resume {
  /** What there is from before. */
  readonly kept: KeptFiles;
  /** Told of each file that is whole. */
  readonly fetched: FetchedList;
}

/** Fetches each address once, however many events name it. */
export class FileStore {
  readonly #options: FileStoreOptions;
  readonly #fetched = new Map<string, Promise<Fetched>>();

  constructor(options: FileStoreOptions) {
    this.#options = options;
  }

  /**
   * Puts the file at `to`, whose folder is there.
   *
   * @returns its size as a picture, if its first bytes were looked at for it
   * @throws BackendError
   */
  async fetch(file: EventFile, to: string): Promise<PictureLook | undefined> {
    const known = this.#fetched.get(file.addressName);
    const fetched = known ?? this.#fetch(file, to);
    if (known === undefined) this.#fetched.set(file.addressName, fetched);
    const { path, look } = await fetched;
    if (path !== to) await placePicture(path, { to });
    return look;
  }

  async #fetch({ url, key, kind }: EventFile, path: string): Promise<Fetched> {
    const { client, resume, signal } = this.#options;
    const keptSize = await resume?.kept.take(key, path);
    if (keptSize !== undefined) {
      resume?.fetched.add({ key, path, size: keptSize });
      return { path, look: undefined };
    }
    const { size, start } = await client.downloads.read(url, (chunks) => saveFile(chunks, path), { signal });
    resume?.fetched.add({ key, path, size });
    const isWhole = size === start.length;
    return { path, look: kind === 'picture' ? sizeInStart(start, { path, isWhole }) : undefined };
  }
}

interface Fetched {
  readonly path: string;
  readonly look: PictureLook | undefined;
}
