import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { BackendClient } from '@synapse-steps/backend';
import { startLocalBackend, type LocalBackend, type LocalBackendOptions } from '@synapse-steps/backend-local';
import { onTestFinished } from 'vitest';

import type { Fault } from '../../../test-fixtures/backend/fault.js';
import { startFaultyProxy, type FaultyProxy } from './faulty-proxy.js';
import { folderOf } from './start-test-backend.js';

/** Two collections of pictures with labels. */
export const SEED = `
data_collections:
  - name: Pictures
    file_specifications: &specs
      - { name: images, file_type: image, is_required: true, is_primary: true, extensions: [jpg] }
      - { name: labels, file_type: text, is_required: false, extensions: [txt] }
  - { name: Others, file_specifications: *specs }
`;

/** Everything that an embedded backend holds, so that two moments can be compared. */
export interface BackendContent {
  /** Newest first. */
  readonly units: readonly { readonly id: number; readonly key: string; readonly collection: number }[];
  readonly files: readonly { readonly id: number; readonly checksum: string }[];
  readonly contents: readonly string[];
  readonly incoming: readonly string[];
}

export interface Embedded {
  readonly backend: LocalBackend;
  /** Goes through the proxy. */
  readonly client: BackendClient;
  readonly proxy: FaultyProxy;
  /** The folder of the files that were given. */
  readonly root: string;
  readonly dir: string;
  readonly content: () => Promise<BackendContent>;
}

/** An embedded backend with two collections behind a proxy that fails as it is told; all of it ends with the test. */
export async function startEmbeddedBackend(
  files: Readonly<Record<string, string | Uint8Array>>,
  faults: readonly Fault[] = [],
  options: Partial<LocalBackendOptions> = {},
): Promise<Embedded> {
  const root = await folderOf(files);
  const dir = join(await folderOf({}), 'backend');
  const backend = await startLocalBackend({ dir, ...options });
  onTestFinished(() => backend.close());
  const seed = join(root, '.seed.yaml');
  await writeFile(seed, SEED);
  await backend.seed(seed);
  const proxy = await startFaultyProxy(() => backend.url, faults);
  onTestFinished(() => proxy[Symbol.asyncDispose]());
  const client = new BackendClient({ host: proxy.url, token: 'any', retryDelayMs: 1 });
  return { backend, client, proxy, root, dir, content: () => contentOf(backend.url, dir) };
}

/** @param url the backend's own, without a proxy */
export async function contentOf(url: string, dir: string): Promise<BackendContent> {
  const units = await listed(url, 'data_units/');
  const files = await listed(url, 'data_files/');
  return {
    units: units.map(({ id, meta, data_collection: collection }) => {
      return {
        id: Number(id),
        key: String((meta as Record<string, unknown>)['data_unit_key']),
        collection: Number(collection),
      };
    }),
    files: files.map(({ id, checksum }) => ({ id: Number(id), checksum: String(checksum) })),
    contents: (await readdir(join(dir, 'files'))).toSorted(),
    incoming: (await readdir(join(dir, 'incoming'))).toSorted(),
  };
}

async function listed(url: string, path: string): Promise<Record<string, unknown>[]> {
  const answer = await fetch(`${url}/${path}?ordering=-id&page_size=1000`);
  return ((await answer.json()) as { results: Record<string, unknown>[] }).results;
}
