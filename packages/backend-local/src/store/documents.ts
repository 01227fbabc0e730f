import type { Database } from './database.js';

/** What is only looked up, and made by a seed file. */
export type DocumentKind =
  | 'storages'
  | 'data_collections'
  | 'projects'
  | 'plugin_releases'
  | 'jobs'
  | 'ground_truth_datasets'
  | 'ground_truth_dataset_versions';

/** What GET answers: an id, and whatever else. */
export type Document = Readonly<Record<string, unknown>> & { readonly id: number };

interface Row {
  readonly id: number;
  readonly body: string;
}

/** Adds a document under the next free id. Call it within a write. */
export function addDocument(database: Database, kind: DocumentKind, body: Readonly<Record<string, unknown>>): Document {
  const last = database.get<{ last: number | null }>(
    'SELECT MAX(id) AS last FROM documents WHERE kind = ?',
    kind,
  )?.last;
  return putDocument(database, kind, { ...body, id: (last ?? 0) + 1 });
}

/** Adds or replaces a document. Call it within a write. */
export function putDocument(database: Database, kind: DocumentKind, document: Document): Document {
  const { id, ...rest } = document;
  const name = typeof rest['name'] === 'string' ? rest['name'] : null;
  database.run('INSERT OR REPLACE INTO documents VALUES (?, ?, ?, ?)', kind, id, name, JSON.stringify(rest));
  return document;
}

export function findDocument(database: Database, kind: DocumentKind, id: number): Document | undefined {
  const row = database.get<Row>('SELECT id, body FROM documents WHERE kind = ? AND id = ?', kind, id);
  return row && toDocument(row);
}

export function findDocumentByName(database: Database, kind: DocumentKind, name: string): Document | undefined {
  const row = database.get<Row>('SELECT id, body FROM documents WHERE kind = ? AND name = ? LIMIT 1', kind, name);
  return row && toDocument(row);
}

/** All of a kind, by id; there are never many. */
export function allDocuments(database: Database, kind: DocumentKind): Document[] {
  return database.all<Row>('SELECT id, body FROM documents WHERE kind = ? ORDER BY id', kind).map(toDocument);
}

function toDocument({ id, body }: Row): Document {
  return { id, ...(JSON.parse(body) as Record<string, unknown>) };
}
