import { z } from 'zod';

import { BackendError } from '../errors/backend-error.js';
import type { CallOptions, Transport } from '../http/transport.js';

/** Deletes by path. True when it was there, false when it was gone already: deleting twice is as good as once. */
export async function deleteOrMissing(transport: Transport, path: string, options: CallOptions): Promise<boolean> {
  try {
    await transport.call({ method: 'DELETE', path, answer: z.unknown(), ...options });
    return true;
  } catch (error) {
    if (BackendError.is(error) && error.status === 404) return false;
    throw error;
  }
}
