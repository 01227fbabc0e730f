import { BackendError, fileSource, type BackendClient, type UploadSource } from '@synapse-steps/backend';
import type { Id, Model, NewModel } from '@synapse-steps/backend/api';

import { ModelLedger } from './model-ledger.js';

export interface SendModelOptions {
  readonly client: BackendClient;
  readonly signal: AbortSignal;
  /** Whether no other model can have the name. */
  readonly isNameNew: boolean;
  /** Keeps what an undo needs. */
  readonly saveUndo: (undo: object) => Promise<void>;
  /** Told how many bytes of the file the backend has. */
  readonly onBytes?: (bytes: number) => void;
}

/**
 * Sends a file in chunks and makes a model of it. The request that makes it is never repeated blindly: when its answer is
 * lost, the model is looked up.
 *
 * @throws BackendError
 */
export async function sendModel(path: string, model: NewModel, options: SendModelOptions): Promise<Model> {
  const source = await fileSource(path);
  const { name } = model;
  const { isNameNew, saveUndo } = options;
  const record = { name, isNameNew, file: source.name, size: source.size, isRegistered: false };
  const ledger = new ModelLedger(record, saveUndo);
  const upload = await sendFile(source, ledger, options);
  await ledger.note({ isRegistered: true });
  return await register({ ...model, chunked_upload: upload }, ledger, options);
}

async function sendFile(source: UploadSource, ledger: ModelLedger, options: SendModelOptions): Promise<Id> {
  const { client, signal, onBytes } = options;
  await ledger.note();
  const { id } = await client.chunkedUploads.upload(source, {
    signal,
    onBytes,
    onBegun: (upload) => ledger.note({ upload }),
    onNotBegun: () => ledger.forget(),
  });
  return id;
}

async function register(model: NewModel, ledger: ModelLedger, options: SendModelOptions): Promise<Model> {
  const { client, signal, isNameNew } = options;
  try {
    const made = await client.models.create(model, { signal, isNameNew });
    await ledger.note({ id: made.id });
    return made;
  } catch (error) {
    if (isSurelyNotDone(error)) await ledger.note({ isRegistered: false });
    throw error;
  }
}

const NOT_DONE = new Set(['backend_refused', 'backend_unreachable']);

function isSurelyNotDone(error: unknown): boolean {
  return BackendError.is(error) && NOT_DONE.has(error.code);
}
