import type { BackendClient } from '@synapse-steps/backend';
import type { RuntimeContext } from '@synapse-steps/core';

import { DatasetError } from '../dataset-error.js';

/**
 * The backend's client that the host lends. It is known by its shape: a program and this package may each have a copy of the
 * client's class.
 *
 * @throws DatasetError `missing_context`
 */
export function backendOf({ client }: RuntimeContext): BackendClient {
  if (typeof client === 'object' && client !== null && 'groundTruthEvents' in client && 'downloads' in client) {
    return client as BackendClient;
  }
  throw new DatasetError({
    code: 'missing_context',
    message:
      'No backend client in context. Set SYNAPSE_HOST and SYNAPSE_ACCESS_TOKEN, or run with --backend local; in a program, give the runtime context a client, such as BackendClient.fromEnvironment().',
  });
}
