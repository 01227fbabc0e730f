import { BackendError, type BackendClient } from '@synapse-steps/backend';
import type { Id } from '@synapse-steps/backend/api';

import { atOnce } from '../sending/at-once.js';
import { isFileError } from '../sending/file-error.js';
import { knownContent } from '../sending/known-content.js';
import { openSource } from '../sending/open-source.js';
import type { FilesToUndo, LedgerFile } from './file-ledger.js';
import { describeIds } from './id-ranges.js';
import { undoChunks } from './undo-chunks.js';
import { undoEach, type UndoFailure } from './undo-each.js';

export interface DeleteFilesOptions {
  readonly client: BackendClient;
  readonly signal: AbortSignal;
}

export interface DeletedFiles {
  readonly gone: LedgerFile[];
  /** The backend does not delete them. */
  readonly kept: LedgerFile[];
  /** They are there, and their ids are not known. */
  readonly nameless: LedgerFile[];
  readonly failures: UndoFailure[];
}

/** Deletes data files where the backend can. */
export async function deleteFiles(
  files: readonly LedgerFile[],
  { client, signal }: DeleteFilesOptions,
): Promise<DeletedFiles> {
  const deleted: DeletedFiles = { gone: [], kept: [], nameless: [], failures: [] };
  const failures = await undoEach(files, {
    signal,
    nameOf,
    undo: async (file) => {
      const { id, checksum } = file;
      if (id !== undefined) {
        const end = await client.dataFiles.delete({ id, checksum }, { signal });
        (end === 'kept' ? deleted.kept : deleted.gone).push(file);
        return;
      }
      const known = await client.dataFiles.knownChecksums([checksum], { signal });
      (known.has(checksum) ? deleted.nameless : deleted.gone).push(file);
    },
  });
  return { ...deleted, failures };
}

/**
 * Deletes what can be deleted, looks for what may be there, and says what stays. Uploads in chunks go first: what is gone
 * cannot become a data file any more, and what just did is found.
 */
export async function undoFiles(
  { stored, maybe, chunks }: FilesToUndo,
  options: DeleteFilesOptions,
): Promise<{ readonly leftBehind: string[]; readonly failures: UndoFailure[] }> {
  const sent = await undoChunks(chunks, options);
  const { kept, nameless, failures } = await deleteFiles(stored, options);
  const leftBehind = [...describeKept(kept), ...nameless.map(describeNameless)];
  const rest = await lookForUncertain(maybe, options);
  return {
    leftBehind: [...sent.leftBehind, ...leftBehind, ...rest.leftBehind],
    failures: [...sent.failures, ...failures, ...rest.failures],
  };
}

const MOST_LINES = 100;

/** One line for each, up to a hundred; the others in one more, by their ids. */
export function describeKept(kept: readonly LedgerFile[]): string[] {
  const lines = kept.slice(0, MOST_LINES).map(({ id, path }) => `data file ${id} (${path})`);
  const rest = kept.slice(MOST_LINES).flatMap(({ id }): Id[] => (id === undefined ? [] : [id]));
  if (rest.length > 0) lines.push(`${rest.length} more data files: ${describeIds(rest.toReversed())}`);
  return lines;
}

/** It may have been there before: whoever looks up by content cannot tell. */
export function describeNameless({ path, checksum }: LedgerFile): string {
  return `a data file with the checksum ${checksum} (${path}), whose id was lost with the backend's answer`;
}

function nameOf({ id, path }: LedgerFile): string {
  return id === undefined ? `The data file of ${path}` : `Data file ${id} (${path})`;
}

/** Whether the backend has the content of files that were on their way when everything ended. */
async function lookForUncertain(
  paths: readonly string[],
  { client, signal }: DeleteFilesOptions,
): Promise<{ readonly leftBehind: string[]; readonly failures: UndoFailure[] }> {
  const leftBehind: string[] = [];
  const open: { path: string; source: Awaited<ReturnType<typeof openSource>> }[] = [];
  await atOnce(paths, 10, async (path) => {
    try {
      open.push({ path, source: await openSource(path, { looksFirst: false }) });
    } catch (error) {
      if (!isFileError(error)) throw error;
      leftBehind.push(`a data file of ${path} that may be there; the file cannot be read any more, so nobody can look`);
    }
  });
  if (open.length === 0) return { leftBehind, failures: [] };
  try {
    const known = await knownContent(open, { client, batchSize: 1000, maxWorkers: 4, signal });
    for (const [{ path }, checksum] of known) leftBehind.push(describeNameless({ path, checksum, group: -1 }));
    return { leftBehind, failures: [] };
  } catch (error) {
    if (signal.aborted || !BackendError.is(error)) throw error;
    return {
      leftBehind,
      failures: open.map(({ path }) => ({ what: `The data file of ${path}, which may be there,`, error })),
    };
  }
}
