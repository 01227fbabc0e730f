import { createHash } from 'node:crypto';

import { BackendClient } from '@synapse-steps/backend';
import { onTestFinished } from 'vitest';

import { datasetFolder } from './dataset-folder.js';
import { FakeBackend, type FakeBackendOptions } from '../../../test-fixtures/backend/fake-backend.js';

export const PICTURE =
  'iVBORw0KGgoAAAANSUhEUgAAABQAAAAKCAIAAAA7N+mxAAAAF0lEQVR4nGM8wcXFQC5gIlvnqOYRoxkAJZIA8JEUpzoAAAAASUVORK5CYII=';

export interface DatasetBackendOptions extends Omit<FakeBackendOptions, 'state'> {
  readonly events: readonly Record<string, unknown>[];
  /** Under `/_files/`; default: `one.png` and `two.png`. */
  readonly files?: Readonly<Record<string, { readonly text?: string; readonly base64?: string }>>;
}

/** A backend with one data set, that fails as it is told; it ends with the test. */
export async function startDatasetBackend({ events, files, ...options }: DatasetBackendOptions): Promise<{
  readonly server: FakeBackend;
  readonly client: BackendClient;
  /** What a file at `/_files/` is called on disk. */
  readonly nameOf: (file: string) => string;
}> {
  const served = files ?? { 'one.png': { base64: PICTURE }, 'two.png': { base64: PICTURE } };
  const server = await FakeBackend.start({ ...options, state: { ground_truth_events: events, served_files: served } });
  onTestFinished(() => server[Symbol.asyncDispose]());
  return {
    server,
    client: new BackendClient({ host: server.url, token: 'secret', retryDelayMs: 1 }),
    nameOf: (file) => createHash('md5').update(`${server.url}/_files/${file}`).digest('hex'),
  };
}

/** An event with a picture at `/_files/` and one box. */
export function eventOf(id: number, file: string, category = 'train'): Record<string, unknown> {
  return {
    id,
    category,
    files: { image_1: { url: `{backend}/_files/${file}`, is_primary: true, file_type: 'image' } },
    data: {
      classification: { bounding_box: ['cat'] },
      images: [{ bounding_box: [{ id: `b${id}`, classification: 'cat', attrs: [], data: [2, 3, 8, 4] }] }],
    },
  };
}

/** A folder that goes with the test. */
export async function testFolder(files: Parameters<typeof datasetFolder>[0] = {}): Promise<string> {
  const folder = await datasetFolder(files);
  onTestFinished(() => folder[Symbol.asyncDispose]());
  return folder.path;
}
