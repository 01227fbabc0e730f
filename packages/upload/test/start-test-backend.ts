import { BackendClient } from '@synapse-steps/backend';
import { onTestFinished } from 'vitest';

import { FakeBackend, type FakeBackendOptions } from '../../../test-fixtures/backend/fake-backend.js';
import { folderOf } from '../../../test-fixtures/folders/folder-of.js';

export { folderOf };

export interface TestBackendOptions extends FakeBackendOptions {
  /** Below the storage's folder; a name that ends in `/` is an empty folder. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Default: `images`, required, jpg and png. */
  readonly specifications?: readonly Record<string, unknown>[];
}

const IMAGES = { name: 'images', is_required: true, extensions: ['jpg', 'png'], file_type: 'image', is_primary: true };

/** A backend that fails as it is told, with storage 1 over a new folder and collection 5; all of it ends with the test. */
export async function startTestBackend(options: TestBackendOptions = {}): Promise<{
  readonly server: FakeBackend;
  readonly client: BackendClient;
  /** The storage's folder. */
  readonly root: string;
}> {
  const root = await folderOf(options.files ?? {});
  const state = {
    storages: { 1: { id: 1, name: 'disk', provider: 'file_system', configuration: { location: root } } },
    data_collections: { 5: { id: 5, name: 'Set', file_specifications: options.specifications ?? [IMAGES] } },
    ...options.state,
  };
  const server = await FakeBackend.start({ ...options, state });
  onTestFinished(() => server[Symbol.asyncDispose]());
  return { server, root, client: new BackendClient({ host: server.url, token: 'secret', retryDelayMs: 1 }) };
}
