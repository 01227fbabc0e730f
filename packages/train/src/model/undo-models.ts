import { BackendError, pause, type BackendClient, type Deletion } from '@synapse-steps/backend';
import type { Id, Model } from '@synapse-steps/backend/api';
import { errorMessage, type UndoResult } from '@synapse-steps/core';

import { TrainError } from '../train-error.js';
import { readModelLedgers, type ModelRecord } from './model-ledger.js';

export interface UndoModelsOptions {
  readonly client: () => BackendClient;
  readonly signal: AbortSignal;
}

interface Undo {
  readonly client: BackendClient;
  readonly signal: AbortSignal;
  readonly leftBehind: string[];
}

/**
 * Deletes the models of a step, newest first, and those that may have been made although nobody was told, and what was sent
 * for them. What the backend does not delete is named.
 *
 * @throws TrainError `undo_incomplete` when something could not be deleted just now
 */
export async function undoModels(
  undoData: Readonly<Record<string, unknown>>,
  { client, signal }: UndoModelsOptions,
): Promise<UndoResult> {
  const records = readModelLedgers(undoData);
  const leftBehind: string[] = [];
  const failures: Failure[] = [];
  for (const record of records) {
    try {
      await undoModel(record, { client: client(), signal, leftBehind });
    } catch (error) {
      if (signal.aborted || !BackendError.is(error)) throw error;
      failures.push({ what: describe(record), error });
    }
  }
  if (failures.length > 0) throw incomplete(failures, leftBehind);
  return { leftBehind };
}

interface Failure {
  readonly what: string;
  readonly error: BackendError;
}

function describe({ id, name, isRegistered, upload }: ModelRecord): string {
  if (id !== undefined) return `model ${id} '${name}'`;
  if (isRegistered) return `a model '${name}' that may be there`;
  return `what was sent for the model '${name}'${upload === undefined ? '' : `, as chunked upload ${upload}`}`;
}

/** Everything that is, or may be, there is in its message: whoever reads it will look after it by hand. */
function incomplete(failures: readonly Failure[], leftBehind: readonly string[]): TrainError {
  const what = failures.map(({ what: each, error }) => `${each} (${errorMessage(error)})`).join('; ');
  const rest = leftBehind.length === 0 ? '' : ` Left behind besides: ${leftBehind.join('; ')}.`;
  return new TrainError({
    code: 'undo_incomplete',
    message: `Could not be removed from the backend: ${what}. Roll the run back again once it can, or remove them there.${rest}`,
    cause: failures[0]?.error,
    details: { leftBehind: [...failures.map(({ what: each }) => each), ...leftBehind] },
  });
}

async function undoModel(record: ModelRecord, undo: Undo): Promise<void> {
  if (record.id !== undefined) await deleteModel({ id: record.id, name: record.name }, undo);
  else if (record.isRegistered) await undoUncertain(record, undo);
  await removeUpload(record, undo);
}

const NO_SUCH_METHOD = new Set([405, 501]);

async function deleteModel(
  { id, name }: Pick<Model, 'id' | 'name'>,
  { client, signal, leftBehind }: Undo,
): Promise<void> {
  try {
    await client.models.delete(id, { signal });
  } catch (error) {
    if (!BackendError.is(error) || !NO_SUCH_METHOD.has(error.status ?? 0)) throw error;
    leftBehind.push(`model ${id} '${name}', which this backend does not delete`);
  }
}

/** How long a request that was cut off may still be worked on before its model is looked for the last time. */
const LAST_LOOK_AFTER_MS = 500;

async function undoUncertain(record: ModelRecord, undo: Undo): Promise<void> {
  const { signal, leftBehind } = undo;
  try {
    for (const waits of [0, LAST_LOOK_AFTER_MS]) {
      await pause(waits, signal);
      const { ours, unclear } = await findModels(record, undo);
      for (const model of ours) await deleteModel(model, undo);
      if (unclear.length > 0) leftBehind.push(maybeOneOf(record, unclear));
      if (ours.length + unclear.length > 0) return;
    }
  } catch (error) {
    if (!BackendError.is(error) || error.code !== 'backend_refused') throw error;
    leftBehind.push(`a model '${record.name}' that may be there, as nobody can tell (${errorMessage(error)})`);
  }
}

/** A name that others may have tells nothing; what the model was made of does, where the backend says it. */
async function findModels(
  { name, isNameNew, upload }: ModelRecord,
  { client, signal }: Undo,
): Promise<{ readonly ours: Model[]; readonly unclear: Model[] }> {
  const found: { ours: Model[]; unclear: Model[] } = { ours: [], unclear: [] };
  for await (const model of client.models.list({ name, signal })) {
    if (model.name !== name) continue;
    const madeOf = model['chunked_upload'];
    if (isNameNew || (madeOf !== undefined && madeOf === upload)) found.ours.push(model);
    else if (madeOf === undefined || madeOf === null) found.unclear.push(model);
  }
  return found;
}

function maybeOneOf({ name }: ModelRecord, models: readonly Model[]): string {
  const ids = models.map(({ id }) => id).join(', ');
  return `a model '${name}' that may be there: others may have that name, so look at the models ${ids}`;
}

/** Chunks that became a model go with it; others are deleted where the backend can, and named where it cannot. */
async function removeUpload(record: ModelRecord, undo: Undo): Promise<void> {
  const { upload, file, size } = record;
  const { leftBehind } = undo;
  const what = `what was sent of ${file} (${size} bytes)`;
  if (upload === undefined) {
    leftBehind.push(`${what}, which may be there, as an upload whose number nobody was told`);
    return;
  }
  try {
    const end = await deleteUpload(upload, record, undo);
    if (end === 'kept') leftBehind.push(`${what}, as chunked upload ${upload}, which this backend does not delete`);
  } catch (error) {
    if (!BackendError.is(error) || error.code !== 'backend_refused') throw error;
    leftBehind.push(`${what}, as chunked upload ${upload}, which was not deleted: ${errorMessage(error)}`);
  }
}

/** Nothing can become a model once its upload is gone. If something just did, the backend refuses, and it is looked for again. */
async function deleteUpload(upload: Id, record: ModelRecord, undo: Undo): Promise<Deletion> {
  const { client, signal } = undo;
  try {
    return await client.chunkedUploads.delete(upload, { signal });
  } catch (error) {
    const becameModel = BackendError.is(error) && error.status === 409 && record.isRegistered;
    if (!becameModel || record.id !== undefined) throw error;
    await undoUncertain(record, undo);
    return await client.chunkedUploads.delete(upload, { signal });
  }
}
