import type { RequestRecord } from '../../actions/cases/action-vector.js';
import { downloadTries } from '../../actions/model/download.js';
import { textOf } from '../../actions/rules/rewriting.js';
import type { TrainVector } from '../cases/train-vector.js';

/** The model to start from, as `execute` gets it. */
export function checkpointOf({ given }: TrainVector): {
  readonly checkpoint: unknown;
  readonly checkpoint_files: unknown;
} {
  if (given.checkpoint) return { checkpoint: given.checkpoint, checkpoint_files: '{any}' };
  const id = given.params['checkpoint'];
  if (id === undefined || id === null) return { checkpoint: null, checkpoint_files: null };
  const model = modelOf(given, id);
  const path = `{temp}/models/{md5:${servedName(model)}}`;
  const checkpoint = { category: model['category'] ?? 'base', path, id: model['id'], name: model['name'] };
  return { checkpoint, checkpoint_files: '{any}' };
}

export function checkpointRequests({ given }: TrainVector): RequestRecord[] {
  const id = given.params['checkpoint'];
  if (given.checkpoint || id === undefined || id === null) return [];
  const file = `/_files/${servedName(modelOf(given, id))}`;
  return [{ method: 'GET', path: `/models/${textOf(id)}/`, status: 200 }, ...downloadTries(given, file)];
}

function modelOf({ backend }: TrainVector['given'], id: unknown): Readonly<Record<string, unknown>> {
  return backend.models?.[textOf(id)] ?? {};
}

function servedName(model: Readonly<Record<string, unknown>>): string {
  return textOf(model['file']).replace('{backend}/_files/', '');
}
