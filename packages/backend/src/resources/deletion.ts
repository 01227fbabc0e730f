import { z } from 'zod';

import { idSchema, type Id } from '../api/id.js';
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

/** `gone`: it was not there any more. `kept`: the backend does not delete it. */
export type Deletion = 'deleted' | 'gone' | 'kept';

export interface DeleteIfPossibleOptions extends CallOptions {
  /** Looks, after a 404, which may mean either that it is gone or that nobody deletes such things there. */
  readonly isStillThere: () => Promise<boolean>;
}

const NO_SUCH_METHOD = new Set([405, 501]);

const madeOfSchema = z.looseObject({ data_file: idSchema });

/** The data file that a 409 names as made of what was to be deleted. */
export function dataFileMadeOf({ status, detail }: BackendError): Id | undefined {
  const made = status === 409 ? madeOfSchema.safeParse(detail) : undefined;
  return made?.data?.data_file;
}

/** Deletes by path what many a backend does not delete. */
export async function deleteIfPossible(
  transport: Transport,
  path: string,
  { isStillThere, ...options }: DeleteIfPossibleOptions,
): Promise<Deletion> {
  try {
    if (await deleteOrMissing(transport, path, options)) return 'deleted';
  } catch (error) {
    if (BackendError.is(error) && NO_SUCH_METHOD.has(error.status ?? 0)) return 'kept';
    throw error;
  }
  return (await isStillThere()) ? 'kept' : 'gone';
}
