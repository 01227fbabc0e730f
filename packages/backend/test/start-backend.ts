import { createServer, type AddressInfo } from 'node:net';

import { onTestFinished } from 'vitest';

import { FakeBackend, type FakeBackendOptions } from '../../../test-fixtures/backend/fake-backend.js';
import { BackendClient, type BackendClientOptions } from '../src/backend-client.js';

export const TOKEN = 'secret-token-1234';

/** What most tests need to be there. */
export const STATE = {
  storages: {
    1: { id: 1, name: 'disk', provider: 'file_system', configuration: { location: '/data' }, extra: 'kept' },
  },
  data_collections: {
    5: { id: 5, name: 'Set', file_specifications: [{ name: 'images', is_required: true, extensions: ['jpg'] }] },
  },
  projects: { 7: { id: 7, name: 'Project' } },
  jobs: { 42: { id: 42, plugin_release: 9 } },
  plugin_releases: { 9: { id: 9, version: '1.0', plugin: { code: 'yolo' } } },
  models: { 8: { id: 8, name: 'base', file: '{backend}/_files/base.zip' } },
};

/** A backend that fails as it is told, and a client of it that does not wait long; both end with the test. */
export async function startBackend(
  options: FakeBackendOptions = {},
  clientOptions: Partial<BackendClientOptions> = {},
): Promise<{ server: FakeBackend; backend: BackendClient; paths: () => string[] }> {
  const server = await FakeBackend.start({ state: STATE, ...options });
  onTestFinished(() => server[Symbol.asyncDispose]());
  const backend = new BackendClient({ host: server.url, token: TOKEN, retryDelayMs: 1, ...clientOptions });
  return {
    server,
    backend,
    paths: () => server.requests.map(({ method, path, status }) => `${method} ${path} ${status}`),
  };
}

/** What a promise rejects with. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => {
      throw new Error(`expected a rejection, got ${JSON.stringify(value)}`);
    },
    (error: unknown) => error,
  );
}

/** A port on which nobody listens. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
