import { createHash } from 'node:crypto';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';

export interface TreeHash {
  /** SHA-256 over names, kinds and contents of all that is in the folder. */
  readonly hash: string;
  readonly files: number;
}

/** Two folders have the same hash exactly if the same files, folders and links with the same contents are in them. */
export async function hashTree(folder: string): Promise<TreeHash> {
  const hash = createHash('sha256');
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found = entries.map((entry) => ({ entry, path: join(entry.parentPath, entry.name) }));
  for (const { entry, path } of found.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    const kind = entry.isDirectory() ? 'folder' : entry.isSymbolicLink() ? 'link' : 'file';
    const content = kind === 'file' ? await readFile(path) : kind === 'link' ? await readlink(path) : '';
    hash.update(JSON.stringify([kind, path.slice(folder.length), content.length])).update(content);
  }
  return { hash: hash.digest('hex'), files: entries.filter((entry) => entry.isFile()).length };
}
