import type { UploadOutcome } from '../strategies.js';
import type { UploadContext } from '../upload-context.js';
import type { FileLedger } from './file-ledger.js';
import { deleteFiles, describeKept, describeNameless } from './undo-files.js';

/**
 * Deletes data files of groups that are lost: nobody will ever register them. What cannot be deleted is named, and stays
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
  const used = new Set(uploaded.flatMap(({ files }) => Object.values(files).map(({ checksum }) => checksum)));
  const orphans = ledger.files.filter(({ group, checksum }) => {
    const key = organizedFiles[group]?.key;
    return (key === undefined || !registered.has(key)) && !used.has(checksum);
  });
  if (orphans.length === 0) return [];
  const { gone, kept, nameless, failures } = await deleteFiles(orphans, { client, signal });
  await ledger.forget(gone);
  return [
    ...describeKept(kept),
    ...nameless.map(describeNameless),
    ...failures.map(({ what }) => `${what}, which could not be deleted just now`),
  ];
}
