import { createHash, randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { BackendError, type BackendClient } from '@synapse-steps/backend';
import type { Id } from '@synapse-steps/backend/api';
import { errorMessage } from '@synapse-steps/core';

import type { Checkpoint } from '../train-context.js';
import { TrainError } from '../train-error.js';
import { unpackZip } from './unpack-zip.js';
import { unpackedFolder } from './unpacked-folder.js';

export interface FetchCheckpointOptions {
  readonly client: BackendClient;
  readonly signal: AbortSignal;
  /** Where unpacked models are kept for the next run. */
  readonly cacheFolder: string;
}

/**
 * Fetches a model that a training starts from, and unpacks it. What was unpacked before is taken again if it is as it was.
 *
 * @throws BackendError when the model is not there; TrainError `checkpoint_not_usable`
 */
export async function fetchCheckpoint(id: Id, options: FetchCheckpointOptions): Promise<Checkpoint> {
  const { client, signal, cacheFolder } = options;
  const model = await client.models.get(id, { signal });
  const { file, name, category } = model;
  if (!file) throw notUsable(id, 'it has no file');
  const path = join(cacheFolder, nameOf(file));
  await unpackedFolder(path, (folder) => unpackModel(id, { file, folder }, options));
  return {
    category: typeof category === 'string' && category !== '' ? category : 'base',
    path,
    id: model.id,
    ...(name !== undefined && { name }),
  };
}

async function unpackModel(
  id: Id,
  { file, folder }: { readonly file: string; readonly folder: string },
  { client, signal, cacheFolder }: FetchCheckpointOptions,
) {
  await mkdir(cacheFolder, { recursive: true });
  const archive = join(cacheFolder, `${randomUUID()}.zip`);
  try {
    await client.downloads.toFile(file, archive, { signal });
    return await unpackZip(archive, folder, { signal });
  } catch (error) {
    if (signal.aborted || BackendError.is(error)) throw error;
    if (isOfFolder(error)) throw notKept(id, cacheFolder, error);
    throw notUsable(id, `its file cannot be unpacked: ${errorMessage(error).replace(/\.$/, '')}`, error);
  } finally {
    await rm(archive, { force: true });
  }
}

/** A presigned address is another one each time, but for what goes before its `?`. */
function nameOf(address: string): string {
  return createHash('md5')
    .update(address.split('?')[0] ?? '')
    .digest('hex');
}

function notUsable(id: Id, why: string, cause?: unknown): TrainError {
  return new TrainError({
    code: 'checkpoint_not_usable',
    message: `The training cannot start from model ${id}: ${why}. Choose another model as checkpoint.`,
    ...(cause !== undefined && { cause }),
  });
}

const OF_FOLDER = new Set(['ENOSPC', 'EDQUOT', 'EACCES', 'EPERM', 'EROFS', 'EIO', 'EMFILE', 'ENFILE']);

/** Whether it is the place that is at fault, and not the model. */
function isOfFolder(error: unknown): boolean {
  return error instanceof Error && 'code' in error && OF_FOLDER.has(String(error.code));
}

function notKept(id: Id, folder: string, cause: unknown): TrainError {
  return new TrainError({
    code: 'checkpoint_not_usable',
    message: `The training cannot start from model ${id}: it cannot be unpacked in ${folder}: ${errorMessage(cause)}. Make room there, or set XDG_CACHE_HOME to another folder.`,
    cause,
  });
}
