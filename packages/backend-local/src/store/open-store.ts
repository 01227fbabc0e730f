import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { errorMessage } from '@synapse-steps/core';
import { LocalBackendError } from '../local-backend-error.js';
import { Contents } from './contents.js';
import { Database } from './database.js';
import { addDocument, allDocuments } from './documents.js';
import { prepareSchema } from './schema.js';

export interface StoreOptions {
  readonly dir: string;
  readonly keepFreeBytes?: number;
}

/** One folder, opened by its one owner. */
export interface Store {
  /** Its absolute path. */
  readonly dir: string;
  readonly database: Database;
  readonly contents: Contents;
  /** With which addresses are signed. */
  readonly secret: string;
  close(): void;
}

/**
 * Opens the folder of a backend, or makes a new one with a storage in it, and clears away what a crash has left.
 *
 * @throws LocalBackendError when somebody else has it open, or it is no such folder.
 */
export function openStore({ dir, keepFreeBytes = KEEP_FREE_BYTES }: StoreOptions): Store {
  const folder = prepareFolder(resolve(dir));
  const database = openDatabase(folder);
  try {
    prepareSchema(database);
    const secret = database.transaction(() => prepareContent(database, folder));
    const contents = new Contents({ dir: folder, database, keepFreeBytes });
    contents.sweep(wantedPartials(database));
    return { dir: folder, database, contents, secret, close: () => database.close() };
  } catch (error) {
    database.close();
    throw unusable(folder, error);
  }
}

const KEEP_FREE_BYTES = 64 * 1024 * 1024;
const DATABASE = 'backend.db';

/** The file in which the owner of a folder says who and where it is. */
export const OWNER_FILE = 'owner.json';

function prepareFolder(dir: string): string {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    const isOurs = existsSync(join(dir, DATABASE)) || readdirSync(dir).length === 0;
    if (isOurs) return realpathSync(dir);
  } catch (error) {
    throw unusable(dir, error);
  }
  throw new LocalBackendError(
    'folder_unusable',
    `${dir} holds other things. Give the embedded backend a folder of its own, a new or an empty one.`,
  );
}

function openDatabase(folder: string): Database {
  try {
    return new Database(join(folder, DATABASE));
  } catch (error) {
    if (!isBusy(error)) throw unusable(folder, error);
    const message = `${folder} is in use by another embedded backend${ownerOf(folder)}. Use that one, stop it, or take another folder.`;
    throw new LocalBackendError('folder_in_use', message, { cause: error });
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY');
}

function ownerOf(folder: string): string {
  const file = join(folder, OWNER_FILE);
  if (!existsSync(file)) return ''; // it is about to say so, or has just gone
  const owner = JSON.parse(readFileSync(file, 'utf8')) as { readonly pid?: unknown; readonly url?: unknown };
  return ` (process ${String(owner.pid)}, at ${String(owner.url)})`;
}

/** What is wrong with a folder, in words that say which. */
export function unusable(folder: string, cause: unknown): LocalBackendError {
  if (cause instanceof LocalBackendError) return cause;
  const message = `${folder} cannot be opened as the folder of an embedded backend: ${errorMessage(cause)}.`;
  return new LocalBackendError('folder_unusable', message, { cause });
}

function prepareContent(database: Database, folder: string): string {
  if (allDocuments(database, 'storages').length === 0) addDocument(database, 'storages', defaultStorage(folder));
  const known = database.get<{ value: string }>("SELECT value FROM settings WHERE name = 'secret'")?.value;
  if (known !== undefined) return known;
  const secret = randomBytes(32).toString('hex');
  database.run("INSERT INTO settings VALUES ('secret', ?)", secret);
  return secret;
}

function defaultStorage(folder: string): Record<string, unknown> {
  const location = join(folder, 'storage');
  mkdirSync(location, { recursive: true, mode: 0o700 });
  return {
    name: 'local',
    category: 'internal',
    provider: 'file_system',
    configuration: { location },
    is_default: true,
  };
}

function wantedPartials(database: Database): ReadonlySet<string> {
  const rows = database.all<{ partial: string }>(
    'SELECT partial FROM chunked_uploads WHERE completed_at IS NULL UNION SELECT partial FROM objects WHERE partial IS NOT NULL',
  );
  return new Set(rows.map(({ partial }) => partial));
}
