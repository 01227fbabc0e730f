import { notFound, Problem } from '../problem.js';
import { findByChecksum } from './data-files.js';
import type { Database } from './database.js';
import { findDocument } from './documents.js';
import type { Store } from './open-store.js';

export interface NewDataUnit {
  readonly data_collection: number;
  readonly files: Readonly<Record<string, { readonly checksum: string; readonly path?: string | undefined }>>;
  readonly meta?: unknown;
  readonly groups?: readonly string[] | null | undefined;
}

export interface DataUnit {
  readonly id: number;
  readonly data_collection: number;
  readonly meta: unknown;
  readonly groups: readonly string[];
  readonly created_at: string;
  readonly files: readonly UnitFile[];
}

interface UnitFile {
  readonly name: string;
  readonly checksum: string;
  readonly path: string | null;
  readonly filename: string;
  readonly content: string;
  readonly file_type: string | undefined;
  readonly is_primary: boolean;
}

interface Specification {
  readonly name: string;
  readonly file_type?: string;
  readonly is_primary?: boolean;
  readonly is_required?: boolean;
}

/** Adds all or, if one of them is wrong, none. Call it within a write. @throws Problem 400 that says which and why. */
export function addDataUnits(database: Database, units: readonly NewDataUnit[]): number[] {
  return units.map((unit, index) => {
    const wrong = problemsOf(database, unit);
    if (Object.keys(wrong).length > 0) throw new Problem(400, units.length === 1 ? wrong : { [`${index}`]: wrong });
    return insert(database, unit);
  });
}

export function getDataUnits(database: Database, ids: readonly number[]): DataUnit[] {
  return ids.map((id) => {
    const row = database.get<UnitRow>('SELECT * FROM data_units WHERE id = ?', id);
    if (row === undefined) throw notFound();
    return toUnit(database, row);
  });
}

/** @throws Problem 404 if there is none. */
export async function deleteDataUnit({ database, contents }: Store, id: number): Promise<void> {
  await contents.release(() => {
    if (database.get('SELECT 1 FROM data_units WHERE id = ?', id) === undefined) throw notFound();
    const used = database.all<{ content: string }>('SELECT content FROM unit_files WHERE unit = ?', id);
    database.run('DELETE FROM data_units WHERE id = ?', id);
    return used.map(({ content }) => content);
  });
}

interface UnitRow {
  readonly id: number;
  readonly data_collection: number;
  readonly meta: string;
  readonly groups: string;
  readonly created_at: string;
}

function problemsOf(database: Database, { data_collection: id, files }: NewDataUnit): Record<string, string[]> {
  const specifications = specificationsOf(database, id);
  if (specifications === undefined) return { data_collection: [`There is no data collection ${id}.`] };
  const names = specifications.map(({ name }) => name);
  const unknown = Object.keys(files).filter((name) => !names.includes(name));
  const missing = specifications.filter((spec) => spec.is_required === true && files[spec.name] === undefined);
  const unstored = Object.entries(files).filter(([, { checksum }]) => findByChecksum(database, checksum) === undefined);
  const problems = [
    ...unknown.map((name) => `The collection has no specification '${name}'.`),
    ...missing.map(({ name }) => `The specification '${name}' is required.`),
    ...unstored.map(([name, { checksum }]) => `No data file for '${name}' has the checksum ${checksum}.`),
  ];
  return problems.length === 0 ? {} : { files: problems };
}

function insert(database: Database, { data_collection: collection, files, meta, groups }: NewDataUnit): number {
  const unit = database.run(
    'INSERT INTO data_units (data_collection, meta, groups, created_at) VALUES (?, ?, ?, ?)',
    collection,
    JSON.stringify(meta ?? {}),
    JSON.stringify(groups ?? []),
    new Date().toISOString(),
  );
  for (const [name, { checksum, path }] of Object.entries(files)) {
    const file = findByChecksum(database, checksum);
    if (file === undefined) throw new Error(`The data file of ${checksum} has gone within one write.`);
    const add = 'INSERT INTO unit_files (unit, name, checksum, path, filename, content) VALUES (?, ?, ?, ?, ?, ?)';
    database.run(add, unit, name, checksum, path ?? null, file.name, file.content);
  }
  return unit;
}

function toUnit(database: Database, row: UnitRow): DataUnit {
  const specifications = specificationsOf(database, row.data_collection) ?? [];
  const files = database.all<Omit<UnitFile, 'file_type' | 'is_primary'>>(
    'SELECT name, checksum, path, filename, content FROM unit_files WHERE unit = ? ORDER BY rowid',
    row.id,
  );
  return {
    ...row,
    meta: JSON.parse(row.meta) as unknown,
    groups: JSON.parse(row.groups) as string[],
    files: files.map((file) => {
      const specification = specifications.find(({ name }) => name === file.name);
      return { ...file, file_type: specification?.file_type, is_primary: specification?.is_primary === true };
    }),
  };
}

function specificationsOf(database: Database, collection: number): readonly Specification[] | undefined {
  const document = findDocument(database, 'data_collections', collection);
  return document && ((document['file_specifications'] ?? []) as Specification[]);
}
