import type { BackendClient } from '@synapse-steps/backend';
import type { Id } from '@synapse-steps/backend/api';

import type { ObjectOfFile } from './object-ledger.js';
import { undoEach, type UndoFailure } from './undo-each.js';

export interface UndoneObjects {
  /** Those that this backend does not delete, so that a data file may have been made of one. */
  readonly kept: ObjectOfFile[];
  /** Data files that were made of an object although nobody was told their ids. */
  readonly made: { readonly path: string; readonly id: Id }[];
  readonly failures: UndoFailure[];
}

/** Deletes what was put to the object store and never confirmed, where the backend can; what was confirmed after all is told. */
export async function undoObjects(
  objects: readonly ObjectOfFile[],
  { client, signal }: { readonly client: BackendClient; readonly signal: AbortSignal },
): Promise<UndoneObjects> {
  const made: { path: string; id: Id }[] = [];
  const kept: ObjectOfFile[] = [];
  const failures = await undoEach(objects, {
    signal,
    nameOf: describe,
    undo: async (object) => {
      const end = await client.presignedUploads.delete(object.key, { signal });
      if (end.is === 'kept') kept.push(object);
      else if (end.is === 'confirmed') made.push({ path: object.path, id: end.dataFile });
    },
  });
  return { kept, made, failures };
}

const MOST_LINES = 100;

/** One line for each, up to a hundred; how many others there are in one more. */
export function describeObjects(kept: readonly ObjectOfFile[]): string[] {
  const lines = kept.slice(0, MOST_LINES).map((object) => `${describe(object)}, which this backend does not delete`);
  const rest = kept.length - MOST_LINES;
  return rest > 0 ? [...lines, `what may be in the object store of ${rest} more files`] : lines;
}

function describe({ path, key }: ObjectOfFile): string {
  return `what may be in the object store of ${path}, as ${key}`;
}
