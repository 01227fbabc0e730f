import type { BackendClient } from '@synapse-steps/backend';
import type { RuntimeContext } from '@synapse-steps/core';

import { TrainError } from './train-error.js';

/** The backend's client that the host lends. @throws TrainError `missing_context` */
export function backendOf(runtimeContext: RuntimeContext): BackendClient {
  const client = findBackend(runtimeContext);
  if (client !== undefined) return client;
  throw new TrainError({
    code: 'missing_context',
    message:
      'No backend client in context. Set SYNAPSE_HOST and SYNAPSE_ACCESS_TOKEN, or run with --backend local; in a program, give the runtime context a client, such as BackendClient.fromEnvironment().',
  });
}

/**
 * The same, if there is one. It is known by its shape: a program and this package may each have a copy of the client's
 * class.
 */
export function findBackend({ client }: RuntimeContext): BackendClient | undefined {
  return typeof client === 'object' && client !== null && 'models' in client && 'chunkedUploads' in client
    ? (client as BackendClient)
    : undefined;
}
