import { Problem } from '../problem.js';
import type { Database } from './database.js';
import { addDocument, type Document, findDocument, findDocumentByName } from './documents.js';
import type { Store } from './open-store.js';
import type { Slice } from './slice.js';

export interface GroundTruthEvent {
  readonly id: number;
  readonly version: number;
  readonly category: string;
  /** JSON. */
  readonly data: string;
  readonly files: readonly EventFile[];
}

export interface EventFile {
  readonly name: string;
  readonly filename: string;
  readonly file_type: string;
  readonly is_primary: number;
  readonly content: string;
}

export interface FoundEvents {
  readonly count: number;
  slice(slice: Slice): GroundTruthEvent[];
}

/** The events of a data set's version, in the order in which they were added. @throws Problem 400 if there is none. */
export function eventsOf(database: Database, version: number, category: string | undefined): FoundEvents {
  if (findDocument(database, 'ground_truth_dataset_versions', version) === undefined) {
    throw new Problem(400, { ground_truth_dataset_versions: [`There is no dataset version ${version}.`] });
  }
  const where = `WHERE version = ? ${category === undefined ? '' : 'AND category = ?'}`;
  const values = category === undefined ? [version] : [version, category];
  const count = `SELECT COUNT(*) AS count FROM ground_truth_events ${where}`;
  const select = `SELECT * FROM ground_truth_events ${where} ORDER BY id LIMIT ? OFFSET ?`;
  return {
    count: database.get<{ count: number }>(count, ...values)?.count ?? 0,
    slice: ({ limit, offset }) =>
      database.all<Omit<GroundTruthEvent, 'files'>>(select, ...values, limit, offset).map((event) => ({
        ...event,
        files: database.all<EventFile>('SELECT * FROM event_files WHERE event = ? ORDER BY rowid', event.id),
      })),
  };
}

/**
 * Makes a data set with one version, whose id is what a download asks for. It can be seen once it is whole: the version
 * gets its name last.
 *
 * @param addEvents Adds the events; if it throws, nothing stays.
 * @throws Problem 400 if there is a data set of that name.
 */
export async function addDataset(
  store: Store,
  name: string,
  addEvents: (version: number) => Promise<void>,
): Promise<Document> {
  return await inTurn(store, async () => {
    const { database } = store;
    const taken = findDocumentByName(database, 'ground_truth_dataset_versions', name);
    if (taken) throw new Problem(400, { name: [`There is a data set '${name}' already: version ${taken.id}.`] });
    const version = freeVersion(database);
    await forgetEvents(store, version); // what one that was killed meanwhile has left
    try {
      await addEvents(version);
      return await database.write(() => {
        const { id } = addDocument(database, 'ground_truth_datasets', { name });
        const body = { name, version: '1', ground_truth_dataset: id, is_archived: false };
        return addDocument(database, 'ground_truth_dataset_versions', body);
      });
    } catch (error) {
      await forgetEvents(store, version);
      throw error;
    }
  });
}

/** Call it within a write. */
export function beginEvent(
  database: Database,
  { version, category, data }: Omit<GroundTruthEvent, 'id' | 'files'>,
): number {
  const insert = 'INSERT INTO ground_truth_events (version, category, data) VALUES (?, ?, ?)';
  return database.run(insert, version, category, data);
}

/** Call it within a write. */
export function addEventFile(database: Database, event: number, file: EventFile): void {
  const insert =
    'INSERT INTO event_files (event, name, filename, file_type, is_primary, content) VALUES (?, ?, ?, ?, ?, ?)';
  database.run(insert, event, file.name, file.filename, file.file_type, file.is_primary, file.content);
}

/** Takes away the events of a version, with their files. */
async function forgetEvents({ database, contents }: Store, version: number): Promise<void> {
  await contents.release(() => {
    const of = 'event IN (SELECT id FROM ground_truth_events WHERE version = ?)';
    const used = database.all<{ content: string }>(`SELECT content FROM event_files WHERE ${of}`, version);
    database.run('DELETE FROM ground_truth_events WHERE version = ?', version);
    return used.map(({ content }) => content);
  });
}

/** The id that the next version gets. */
function freeVersion(database: Database): number {
  const last = "SELECT MAX(id) AS last FROM documents WHERE kind = 'ground_truth_dataset_versions'";
  return (database.get<{ last: number | null }>(last)?.last ?? 0) + 1;
}

/** Data sets are made one at a time: until one has its name, nobody else may take its id. */
async function inTurn<T>(store: Store, work: () => Promise<T>): Promise<T> {
  const turn = (lastTurns.get(store) ?? Promise.resolve()).then(work);
  lastTurns.set(
    store,
    turn.catch(() => undefined), // whoever asked for it is told
  );
  return await turn;
}

const lastTurns = new WeakMap<Store, Promise<unknown>>();
