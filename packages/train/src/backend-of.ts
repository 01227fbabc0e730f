import { findBackend, type BackendClient } from '@synapse-steps/backend';
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
