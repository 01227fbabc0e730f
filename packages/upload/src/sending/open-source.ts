import { realpath } from 'node:fs/promises';
import { basename } from 'node:path';

import { BackendError, fileSource, type FileSourceOptions, type UploadSource } from '@synapse-steps/backend';
import { errorMessage } from '@synapse-steps/core';

import { isInside } from '../path-in-storage.js';

/** Files of up to so many bytes are held in memory from the first look at them until they are sent. */
export const SMALL_BYTES = 64 * 1024;

export interface OpenSourceOptions {
  readonly looksFirst: boolean;
  /** Absolute and without links; a file that is a link out of it by now is refused. */
  readonly folder?: string | undefined;
}

/**
 * A file as it is now. A small one is read at once, so that whoever looks at its content before it is sent reads it but
 * once; a batch of them is a few megabytes.
 *
 * @throws BackendError `file_not_readable`, or `file_changed` when it is being written to
 */
export async function openSource(path: string, { folder, looksFirst }: OpenSourceOptions): Promise<UploadSource> {
  const holding = looksFirst ? { holdUpTo: SMALL_BYTES } : {};
  return folder === undefined ? await fileSource(path, holding) : await sourceInside(path, folder, holding);
}

/**
 * What was a file of the storage when it was found may be a link that leads out by now. The links are followed once, and what
 * they lead to is what is read; it is found again to be that before its last byte is handed out, as with any change.
 */
async function sourceInside(path: string, folder: string, holding: FileSourceOptions): Promise<UploadSource> {
  const real = await realpath(path).catch((error: unknown) => {
    throw notReadable(path, errorMessage(error), error);
  });
  if (!isInside(folder, real)) throw notReadable(path, 'it leads out of the folder of the storage');
  const source = await fileSource(real, { ...holding, name: basename(path) });
  return {
    name: source.name,
    size: source.size,
    async *read(range) {
      if ((await realpath(real).catch(() => undefined)) !== real) throw notReadable(path, 'it is a link by now');
      yield* source.read(range);
    },
  };
}

function notReadable(path: string, why: string, cause?: unknown): BackendError {
  return new BackendError({ code: 'file_not_readable', message: `${path} cannot be sent: ${why}.`, cause });
}
