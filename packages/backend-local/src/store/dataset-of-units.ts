import { Problem } from '../problem.js';
import { getDataUnits } from './data-units.js';
import type { Database } from './database.js';
import type { Document } from './documents.js';
import { addDataset, addEventFile, beginEvent } from './ground-truth-events.js';
import type { Store } from './open-store.js';

export interface UnitEvent {
  readonly data_unit: number;
  readonly category: string;
  /** The annotations. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** Makes a data set whose events show the files of data units. @throws Problem 400 if there is no such data unit. */
export async function addDatasetOfUnits(
  store: Store,
  { name, events }: { readonly name: string; readonly events: readonly UnitEvent[] },
): Promise<Document> {
  const { database } = store;
  return await addDataset(store, name, async (version) => {
    await database.write(() => {
      for (const [index, event] of events.entries()) addUnitEvent(database, event, { version, index });
    });
  });
}

/** The files stay with the data set when the data unit goes. */
function addUnitEvent(
  database: Database,
  { data_unit: unit, category, data }: UnitEvent,
  { version, index }: { readonly version: number; readonly index: number },
): void {
  if (database.get('SELECT 1 FROM data_units WHERE id = ?', unit) === undefined) {
    throw new Problem(400, { [`events.${index}.data_unit`]: [`There is no data unit ${unit}.`] });
  }
  const id = beginEvent(database, { version, category, data: JSON.stringify(data) });
  for (const { files } of getDataUnits(database, [unit])) {
    for (const { name, filename, file_type: type = 'data', is_primary: isPrimary, content } of files) {
      addEventFile(database, id, { name, filename, file_type: type, is_primary: isPrimary ? 1 : 0, content });
    }
  }
}
