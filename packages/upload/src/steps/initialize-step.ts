import { realpath } from 'node:fs/promises';

import { BackendError } from '@synapse-steps/backend';
import type { Id, StorageSession } from '@synapse-steps/backend/api';
import { errorMessage, StepResult } from '@synapse-steps/core';

import { pathInStorage } from '../path-in-storage.js';
import type { UploadContext, UploadStorage } from '../upload-context.js';
import { UploadError } from '../upload-error.js';
import { uploadMessages } from '../upload-messages.js';
import { UploadStep } from './upload-step.js';

/** Opens the storage and finds the folder whose files are to be uploaded. */
export class InitializeStep extends UploadStep {
  readonly name = 'initialize';
  readonly progressWeight = 0.05;
  protected readonly rollbackEvent = 'ROLLBACK_INITIALIZATION';

  async execute(context: UploadContext): Promise<StepResult> {
    const { storage, path, use_single_path: isSingle } = context.uploadParams;
    context.startedAt = new Date().toISOString();
    context.setProgress(0, 1);
    context.storage = await openStorage(context, storage);
    if (isSingle) context.baseFolder = await pathInStorage(context.storage.folder, path ?? '');
    context.setProgress(1, 1);
    context.log('STEP_COMPLETED', { step: this.name });
    context.logMessage(uploadMessages.codes.UPLOAD_INITIALIZED);
    return StepResult.ok({ data: { storageId: storage, baseFolder: context.baseFolder ?? null } });
  }

  protected reset(context: UploadContext): void {
    context.storage = undefined;
    context.baseFolder = undefined;
  }
}

async function openStorage(context: UploadContext, id: Id): Promise<UploadStorage> {
  try {
    const { provider, configuration } = await readStorage(context, id);
    return { id, provider, folder: await folderOf(provider, configuration) };
  } catch (error) {
    context.signal.throwIfAborted();
    throw new UploadError({
      code: 'storage_not_usable',
      message: `Failed to get storage ${id}: ${errorMessage(error)}`,
      cause: error,
    });
  }
}

const NO_SESSIONS = new Set([404, 405]);

/** By a session, whose credentials expire; where the backend has none, in the old way. */
async function readStorage(
  { client, signal }: UploadContext,
  id: Id,
): Promise<{ readonly provider: string; readonly configuration?: StorageSession['configuration'] | null | undefined }> {
  try {
    return await client.storages.openSession(id, { purpose: 'read', signal });
  } catch (error) {
    if (!BackendError.is(error) || !NO_SESSIONS.has(error.status ?? 0)) throw error;
    return await client.storages.get(id, { signal });
  }
}

const ON_THIS_MACHINE = new Set(['local', 'file_system']);
const ELSEWHERE = new Set('s3 amazon_s3 minio gcs gs gcp sftp smb http https synology'.split(' '));

async function folderOf(
  provider: string,
  configuration: StorageSession['configuration'] | null | undefined,
): Promise<string> {
  if (ELSEWHERE.has(provider)) {
    throw unusable(
      `files of a '${provider}' storage are not on this machine. Copy them into a storage of provider 'file_system', or upload from where they are.`,
    );
  }
  if (!ON_THIS_MACHINE.has(provider)) {
    throw unusable(`its provider '${provider}' is unknown. Known: ${[...ON_THIS_MACHINE, ...ELSEWHERE].join(', ')}.`);
  }
  const location = configuration?.['location'];
  if (typeof location !== 'string' || location === '') {
    throw unusable("its configuration has no 'location'. Set the folder of the storage there.");
  }
  return await realpath(location).catch((error: unknown) => {
    throw unusable(`its folder ${location} cannot be opened: ${errorMessage(error)}`, error);
  });
}

function unusable(message: string, cause?: unknown): UploadError {
  return new UploadError({ code: 'storage_not_usable', message, ...(cause !== undefined && { cause }) });
}
