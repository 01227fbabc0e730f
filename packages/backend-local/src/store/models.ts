import { notFound, Problem } from '../problem.js';
import type { ChunkedUploads } from './chunked-uploads.js';
import type { Database } from './database.js';
import type { Store } from './open-store.js';

export interface Model {
  readonly id: number;
  readonly name: string;
  readonly body: string;
  readonly filename: string | null;
  readonly content: string | null;
  readonly created_at: string;
}

export interface NewModel {
  readonly name: string;
  readonly chunked_upload?: number | undefined;
  readonly [field: string]: unknown;
}

/** Adds a model with the file of a finished upload. The same request again (same name, same upload) gives the same model. */
export async function addModel(store: Store, uploads: ChunkedUploads, model: NewModel): Promise<Model> {
  const { database } = store;
  const { name, chunked_upload: uploadId, ...rest } = model;
  const id = await database.write(() => {
    const upload = uploadId === undefined ? undefined : uploads.get(uploadId);
    if (upload !== undefined && upload.model !== null && getModel(database, upload.model).name === name)
      return upload.model;
    checkCheckpoint(database, rest['checkpoint']);
    const content = upload === undefined ? null : uploads.contentOf(upload).sha256;
    const insert = 'INSERT INTO models (name, body, filename, content, created_at) VALUES (?, ?, ?, ?, ?)';
    const now = new Date().toISOString();
    const added = database.run(insert, name, JSON.stringify(rest), upload?.filename ?? null, content, now);
    if (upload) database.run('UPDATE chunked_uploads SET model = ?, content = NULL WHERE id = ?', added, upload.id);
    return added;
  });
  return getModel(database, id);
}

export function getModel(database: Database, id: number): Model {
  const model = database.get<Model>('SELECT * FROM models WHERE id = ?', id);
  if (model === undefined) throw notFound();
  return model;
}

/** @throws Problem 404 if there is none. */
export async function deleteModel({ database, contents }: Store, id: number): Promise<void> {
  await contents.release(() => {
    const { content } = getModel(database, id);
    database.run('DELETE FROM models WHERE id = ?', id);
    return content === null ? [] : [content];
  });
}

function checkCheckpoint(database: Database, checkpoint: unknown): void {
  if (typeof checkpoint !== 'number') return;
  if (database.get('SELECT 1 FROM models WHERE id = ?', checkpoint) !== undefined) return;
  throw new Problem(400, { checkpoint: [`There is no model ${checkpoint}.`] });
}
