import { BackendError, dataFileMadeOf, type BackendClient, type Deletion } from '@synapse-steps/backend';
import type { Id } from '@synapse-steps/backend/api';

import type { ChunksOfFile } from './chunk-ledger.js';
import { describeIds } from './id-ranges.js';
import { undoEach, type UndoFailure } from './undo-each.js';

export interface UndoneChunks {
  readonly gone: Id[];
  /** Data files that were made of one although nobody was told their ids. */
  readonly made: { readonly path: string; readonly id: Id }[];
  /** Paths of files of which it is known what became of them. */
  readonly settled: Set<string>;
  readonly leftBehind: string[];
  readonly failures: UndoFailure[];
}

/** Deletes uploads in chunks that did not become data files, where the backend can, and says what stays. */
export async function undoChunks(
  chunks: readonly ChunksOfFile[],
  { client, signal }: { readonly client: BackendClient; readonly signal: AbortSignal },
): Promise<UndoneChunks> {
  const gone: Id[] = [];
  const made: { path: string; id: Id }[] = [];
  const settled = new Set<string>();
  const left: Left[] = [];
  const failures = await undoEach(chunks, {
    signal,
    nameOf: describe,
    undo: async (one) => {
      if (one.id === undefined) {
        left.push({ text: describe(one) });
        return;
      }
      const end = await deleteUpload(one.id, { client, signal });
      if (end === 'deleted' || typeof end === 'object') settled.add(one.path);
      if (typeof end === 'object') made.push({ path: one.path, id: end.dataFile });
      else if (end === 'used')
        left.push({ id: one.id, text: `${describe(one)}, of which something was made: it stays with it` });
      else if (end === 'kept') left.push({ id: one.id, text: `${describe(one)}, which this backend does not delete` });
      else gone.push(one.id);
    },
  });
  return { gone, made, settled, leftBehind: linesOf(left), failures };
}

interface Left {
  readonly id?: Id;
  readonly text: string;
}

const MOST_LINES = 100;

/** One line for each, up to a hundred; the others in one more, by their ids. */
function linesOf(left: readonly Left[]): string[] {
  const lines = left.slice(0, MOST_LINES).map(({ text }) => text);
  const rest = left.slice(MOST_LINES);
  if (rest.length === 0) return lines;
  const ids = describeIds(rest.flatMap(({ id }) => (id === undefined ? [] : [id])));
  return [...lines, `what was sent of ${rest.length} more files, as chunked uploads ${ids || 'without known numbers'}`];
}

/** `used`: it did become a data file, or something else, although nobody was told. */
async function deleteUpload(
  id: Id,
  { client, signal }: { readonly client: BackendClient; readonly signal: AbortSignal },
): Promise<Deletion | 'used' | { readonly dataFile: Id }> {
  try {
    return await client.chunkedUploads.delete(id, { signal });
  } catch (error) {
    if (!BackendError.is(error) || error.status !== 409) throw error;
    const dataFile = dataFileMadeOf(error);
    return dataFile === undefined ? 'used' : { dataFile };
  }
}

function describe({ path, id }: ChunksOfFile): string {
  const what = `what was sent of ${path}`;
  if (id === undefined) return `${what}, which may be there, as an upload in chunks whose number nobody was told`;
  return `${what}, as chunked upload ${id}`;
}
