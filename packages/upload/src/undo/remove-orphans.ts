import type { Id } from '@synapse-steps/backend/api';

import type { UploadOutcome } from '../strategies.js';
import type { UploadContext } from '../upload-context.js';
import type { FileLedger } from './file-ledger.js';
import { undoChunks } from './undo-chunks.js';
import { deleteFiles, describeKept, describeNameless } from './undo-files.js';

/**
 * Deletes data files of groups that are lost: nobody will ever register them; and what was sent in chunks of files that did
 * not arrive. What cannot be deleted is named, and stays
 * written down for the undo of the whole.
 *
 * @returns texts about what stays on the backend
 */
export async function removeOrphans(
  ledger: FileLedger,
  { uploaded }: UploadOutcome,
  { organizedFiles, client, signal }: UploadContext,
): Promise<string[]> {
  const registered = new Set(uploaded.map(({ key }) => key));
  const used = usedBy(uploaded);
  const orphans = ledger.files.filter(({ group, id, checksum }) => {
    const key = organizedFiles[group]?.key;
    return (key === undefined || !registered.has(key)) && !used.needs({ id, checksum });
  });
  const unsure = new Set(ledger.files.flatMap(({ id, path }) => (id === undefined ? [path] : [])));
  const chunks = ledger.chunks.all.filter(({ path }) => !unsure.has(path)); // what may be a good data file stays
  if (orphans.length + chunks.length === 0) return [];
  const sent = await undoChunks(chunks, { client, signal });
  await ledger.chunks.forget(sent.gone);
  const { gone, kept, nameless, failures } = await deleteFiles(orphans, { client, signal });
  await ledger.forget(gone);
  return [
    ...sent.leftBehind,
    ...describeKept(kept),
    ...nameless.map(describeNameless),
    ...[...sent.failures, ...failures].map(({ what }) => `${what}, which could not be deleted just now`),
  ];
}

interface StoredAs {
  readonly id: Id | undefined;
  readonly checksum: string;
}

/** Which data files the groups that arrived are made of: by their ids, and by content where one of the ids is not known. */
function usedBy(uploaded: UploadOutcome['uploaded']): { needs(file: StoredAs): boolean } {
  const files = uploaded.flatMap((group) => Object.values(group.files));
  const ids = new Set(files.map(({ id }) => id));
  const all = new Set(files.map(({ checksum }) => checksum));
  // Files that share one have no id of their own: whoever has the same content may be the one.
  const shared = new Set(files.flatMap(({ id, checksum }) => (id === undefined ? [checksum] : [])));
  return {
    needs: ({ id, checksum }) => (id === undefined ? all.has(checksum) : ids.has(id) || shared.has(checksum)),
  };
}
