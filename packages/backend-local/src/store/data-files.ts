import { notFound, Problem } from '../problem.js';
import type { Database } from './database.js';
import type { Store } from './open-store.js';

/** A registered file. Several may have the same content. */
export interface DataFile {
  readonly id: number;
  readonly name: string;
  readonly checksum: string;
  readonly content: string;
  readonly created_at: string;
  readonly size: number;
}

const SELECT =
  'SELECT data_files.*, contents.size FROM data_files JOIN contents ON contents.sha256 = data_files.content';
/** Takes the checksum three times. Each of the columns has an index. */
export const HAS_CHECKSUM = '(contents.sha1 = ? OR contents.md5 = ? OR contents.sha256 = ?)';

/** Call it within a write. */
export function addDataFile(database: Database, file: Pick<DataFile, 'name' | 'checksum' | 'content'>): DataFile {
  const id = database.run(
    'INSERT INTO data_files (name, checksum, content, created_at) VALUES (?, ?, ?, ?)',
    file.name,
    file.checksum.toLowerCase(),
    file.content,
    new Date().toISOString(),
  );
  return getDataFile(database, id);
}

export function getDataFile(database: Database, id: number): DataFile {
  const file = database.get<DataFile>(`${SELECT} WHERE data_files.id = ?`, id);
  if (file === undefined) throw notFound();
  return file;
}

/** The newest file whose bytes have this SHA-1, MD5 or SHA-256. */
export function findByChecksum(database: Database, checksum: string): DataFile | undefined {
  const hex = checksum.toLowerCase();
  return database.get<DataFile>(`${SELECT} WHERE ${HAS_CHECKSUM} ORDER BY data_files.id DESC LIMIT 1`, hex, hex, hex);
}

/**
 * Takes a file away, and its bytes when it was the last one that had them.
 *
 * @throws Problem 404 if there is none, 409 while a data unit needs its bytes.
 */
export async function deleteDataFile({ database, contents }: Store, id: number): Promise<void> {
  await contents.release(() => {
    const { content } = getDataFile(database, id);
    const others = database.get('SELECT 1 FROM data_files WHERE content = ? AND id <> ?', content, id);
    if (others === undefined) refuseIfUsed(database, content);
    database.run('DELETE FROM data_files WHERE id = ?', id);
    return [content];
  });
}

function refuseIfUsed(database: Database, content: string): void {
  const units = database
    .all<{ unit: number }>('SELECT DISTINCT unit FROM unit_files WHERE content = ? ORDER BY unit LIMIT 6', content)
    .map(({ unit }) => unit);
  if (units.length === 0) return;
  const named = `${units.slice(0, 5).join(', ')}${units.length > 5 ? ', …' : ''}`;
  throw new Problem(409, `Data units use this file (${named}). Delete those first.`);
}
