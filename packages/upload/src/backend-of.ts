import type { BackendClient } from '@synapse-steps/backend';
import type { RuntimeContext } from '@synapse-steps/core';

import { UploadError } from './upload-error.js';

/**
 * The backend's client that the host lends. It is known by its shape: a program and this package may each have a copy of
 * the client's class.
 *
 * @throws UploadError `missing_context`
 */
export function backendOf(runtimeContext: RuntimeContext): BackendClient {
  const { client } = runtimeContext;
  if (isBackendClient(client)) return client;
  throw new UploadError({
    code: 'missing_context',
    message:
      'An upload needs a backend. Give the runtime context a client: new RuntimeContext({ client: BackendClient.fromEnvironment() }).',
  });
}

function isBackendClient(value: unknown): value is BackendClient {
  return typeof value === 'object' && value !== null && 'storages' in value && 'dataUnits' in value;
}
