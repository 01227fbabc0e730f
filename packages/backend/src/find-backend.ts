import type { RuntimeContext } from '@synapse-steps/core';

import type { BackendClient } from './backend-client.js';

/**
 * The backend's client that the host lends, if there is one. It is known by its shape: a program and this package may each
 * have a copy of the client's class.
 */
export function findBackend({ client }: Pick<RuntimeContext, 'client'>): BackendClient | undefined {
  return typeof client === 'object' && client !== null && 'storages' in client && 'chunkedUploads' in client
    ? (client as BackendClient)
    : undefined;
}
