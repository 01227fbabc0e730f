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
import { describeObjects, undoObjects } from './undo-objects.js';

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
      const { checksum } = file;
      const id = file.id ?? (await findByObject(file, { client, signal }));
      if (id === null) return void deleted.gone.push(file);
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

/** The id of a data file that was made of an object; null if none was, and the object is deleted; undefined where the backend cannot tell. */
async function findByObject(
  { objectKey }: LedgerFile,
  { client, signal }: DeleteFilesOptions,
): Promise<Id | null | undefined> {
  if (objectKey === undefined) return undefined;
  const end = await client.presignedUploads.delete(objectKey, { signal });
  if (end.is === 'kept') return undefined;
  return end.is === 'confirmed' ? end.dataFile : null;
}

/**
 * Deletes what can be deleted, looks for what may be there, and says what stays. Objects and uploads in chunks go first: what
 * is gone cannot become a data file any more, and what just did is found, by its id where the backend tells it.
 */
export async function undoFiles(
  { stored, maybe, chunks, objects }: FilesToUndo,
  options: DeleteFilesOptions,
): Promise<{ readonly leftBehind: string[]; readonly failures: UndoFailure[] }> {
  const sent = await undoChunks(chunks, options);
  const put = await undoObjects(objects, options);
  const found = [...put.made, ...sent.made].map(({ path, id }): LedgerFile => ({ group: -1, path, id, checksum: '' }));
  // Of an upload in chunks it is known what became of it, so that equal content of somebody else is not taken for it.
  const known = stored.filter(({ id, path }) => id !== undefined || !sent.settled.has(path));
  const { kept, nameless, failures } = await deleteFiles([...found, ...known], options);
  const leftBehind = [...describeKept(kept), ...nameless.map(describeNameless)];
  const rest = await lookForUncertain(
    [...new Set([...maybe, ...put.kept.map(({ path }) => path)])].filter((path) => !sent.settled.has(path)),
    options,
  );
  const objectsLeft = describeObjects(put.kept.filter(({ path }) => !rest.found.has(path)));
  return {
    leftBehind: [...sent.leftBehind, ...objectsLeft, ...leftBehind, ...rest.leftBehind],
    failures: [...sent.failures, ...put.failures, ...failures, ...rest.failures],
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
): Promise<{ readonly leftBehind: string[]; readonly failures: UndoFailure[]; readonly found: Set<string> }> {
  const leftBehind: string[] = [];
  const found = new Set<string>();
  const open: { path: string; source: Awaited<ReturnType<typeof openSource>> }[] = [];
  await atOnce(paths, 10, async (path) => {
    try {
      open.push({ path, source: await openSource(path, { looksFirst: false }) });
    } catch (error) {
      if (!isFileError(error)) throw error;
      leftBehind.push(`a data file of ${path} that may be there; the file cannot be read any more, so nobody can look`);
    }
  });
  if (open.length === 0) return { leftBehind, failures: [], found };
  try {
    const known = await knownContent(open, { client, batchSize: 1000, maxWorkers: 4, signal });
    for (const [{ path }, { checksum }] of known) {
      found.add(path);
      leftBehind.push(describeNameless({ path, checksum, group: -1 }));
    }
    return { leftBehind, failures: [], found };
  } catch (error) {
    if (signal.aborted || !BackendError.is(error)) throw error;
    return {
      leftBehind,
      found,
      failures: open.map(({ path }) => ({ what: `The data file of ${path}, which may be there,`, error })),
    };
  }
}
