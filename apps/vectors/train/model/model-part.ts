import { createHash } from 'node:crypto';
import type { RequestRecord } from '../../actions/cases/action-vector.js';
import { textOf } from '../../actions/rules/rewriting.js';
import { contentOf } from '../../actions/world/file-tree.js';
import type { TrainVector } from '../cases/train-vector.js';

// What is sent to the backend for a model.

const MULTIPART = 'multipart/form-data';
const JSON_TYPE = 'application/json';

/** A zip of what was trained, and the model. */
export function archiveRequests(vector: TrainVector): RequestRecord[] {
  const part = { field: 'file', filename: '{any}', size: '{any}', md5: '{any}' };
  return [
    ...jobRequests(vector),
    {
      method: 'PUT',
      path: '/chunked_upload/',
      content_type: MULTIPART,
      content_range: '{any}',
      status: 200,
      form: { fields: { filename: 'model.zip' }, files: [part] },
    },
    endOfUpload('{any}'),
    modelRequest(modelFields(vector)),
  ];
}

/** One file as it is, and the model. */
export function fileRequests({ given }: TrainVector): RequestRecord[] {
  const { path = '', fields = {} } = given.action.create_model ?? {};
  const content = contentOf(given.action.writes[path] ?? { text: '' });
  const md5 = createHash('md5').update(content).digest('hex');
  const size = content.length;
  const part = { field: 'file', filename: 'file', size, md5 };
  return [
    {
      method: 'PUT',
      path: '/chunked_upload/',
      content_type: MULTIPART,
      status: 200,
      content_range: `bytes 0-${size - 1}/${size}`,
      form: { fields: { filename: path.slice(path.lastIndexOf('/') + 1) }, files: [part] },
    },
    endOfUpload(md5),
    modelRequest({ ...fields, chunked_upload: 301 }),
  ];
}

function endOfUpload(md5: string): RequestRecord {
  return { method: 'POST', path: '/chunked_upload/301/', content_type: JSON_TYPE, json: { md5 }, status: 200 };
}

function modelRequest(fields: Readonly<Record<string, unknown>>): RequestRecord {
  return { method: 'POST', path: '/models/', content_type: JSON_TYPE, json: fields as never, status: 201 };
}

function jobRequests({ given }: TrainVector): RequestRecord[] {
  const id = given.job_id;
  if (!id) return [];
  const job = given.backend.jobs?.[id];
  const asked: RequestRecord = { method: 'GET', path: `/jobs/${id}/`, status: job === undefined ? 404 : 200 };
  const release = job?.['plugin_release'];
  if (typeof release !== 'number' && typeof release !== 'string') return [asked];
  return [asked, { method: 'GET', path: `/plugin_releases/${release}/`, query: [['expand', 'plugin']], status: 200 }];
}

/** The model as it is registered. */
export function modelFields({ given }: TrainVector): Record<string, unknown> {
  const { name, description = '', hyperparameters } = given.params as Readonly<Record<string, string | undefined>>;
  const [first = {}] = (hyperparameters ?? []) as readonly unknown[];
  const base = name ?? (given.job_id ? `train_${given.job_id}` : 'train');
  return {
    name: `${base}_{random}`,
    ...releaseFields(given),
    ...checkpointField(given),
    chunked_upload: 301,
    configuration: { hyperparameter: first },
    description,
  };
}

function releaseFields({ backend, job_id: id }: TrainVector['given']): object {
  const job = backend.jobs?.[id ?? ''];
  const release = backend.plugin_releases?.[textOf(job?.['plugin_release'])];
  const plugin = (release?.['plugin'] as { readonly code?: string } | undefined)?.code;
  return plugin === undefined ? {} : { plugin, version: release?.['version'] };
}

function checkpointField({ checkpoint, params }: TrainVector['given']): object {
  const id = checkpoint?.['id'] ?? params['checkpoint'];
  return id === undefined || id === null ? {} : { checkpoint: id };
}
