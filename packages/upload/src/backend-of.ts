import { findBackend, type BackendClient } from '@synapse-steps/backend';
import type { RuntimeContext } from '@synapse-steps/core';

import { UploadError } from './upload-error.js';

/** The backend's client that the host lends. @throws UploadError `missing_context` */
export function backendOf(runtimeContext: RuntimeContext): BackendClient {
  const client = findBackend(runtimeContext);
  if (client !== undefined) return client;
  throw new UploadError({
    code: 'missing_context',
    message:
      'An upload needs a backend. Set SYNAPSE_HOST and SYNAPSE_ACCESS_TOKEN, or run with --backend local; in a program, give the runtime context a client, such as BackendClient.fromEnvironment().',
  });
}
