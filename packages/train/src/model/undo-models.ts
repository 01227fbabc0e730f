import { BackendError, pause, type BackendClient } from '@synapse-steps/backend';
import type { Model } from '@synapse-steps/backend/api';
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
 * Deletes the models of a step, newest first, and those that may have been made although nobody was told. What was sent for
 * them cannot be deleted; as far as it is still there, it is named.
 *
 * @throws TrainError `undo_incomplete` when something could not be deleted just now
 */
export async function undoModels(
  undoData: Readonly<Record<string, unknown>>,
  { client, signal }: UndoModelsOptions,
): Promise<UndoResult> {
  const records = readModelLedgers(undoData);
  const leftBehind: string[] = [];
  const failures: { readonly what: string; readonly error: unknown }[] = [];
  for (const record of records) {
    try {
      await undoModel(record, { client: client(), signal, leftBehind });
    } catch (error) {
      if (signal.aborted || !BackendError.is(error)) throw error;
      failures.push({ what: `The model '${record.name}'`, error });
    }
  }
  const [first] = failures;
  if (first === undefined) return { leftBehind };
  throw new TrainError({
    code: 'undo_incomplete',
    message: `${first.what} could not be removed from the backend: ${errorMessage(first.error)}`,
    cause: first.error,
  });
}

async function undoModel(record: ModelRecord, undo: Undo): Promise<void> {
  if (record.id !== undefined) await deleteModel({ id: record.id, name: record.name }, undo);
  else if (record.isRegistered) await undoUncertain(record, undo);
  await nameUpload(record, undo);
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

/** Chunks that became a model go with it; others stay, for no request deletes them. */
async function nameUpload({ upload, file, size }: ModelRecord, { client, signal, leftBehind }: Undo): Promise<void> {
  const what = `what was sent of ${file} (${size} bytes)`;
  if (upload === undefined) {
    leftBehind.push(`${what}, which may be there, as an upload whose number nobody was told`);
    return;
  }
  try {
    const { file: content, checksum, completed_at: completedAt } = await client.chunkedUploads.get(upload, { signal });
    const isGone = completedAt && !content && !checksum;
    if (!isGone) leftBehind.push(`${what}, as chunked upload ${upload}, which no request deletes`);
  } catch (error) {
    if (!BackendError.is(error) || error.code !== 'backend_refused') throw error;
    if (error.status !== 404) leftBehind.push(`${what}, as chunked upload ${upload}, which no request deletes`);
  }
}
