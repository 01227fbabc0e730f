import { createReadStream, realpathSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, isAbsolute, relative, resolve } from 'node:path';
import { errorMessage } from '@synapse-steps/core';
import { findDocumentByName } from '../store/documents.js';
import { addDataset, addEventFile, beginEvent } from '../store/ground-truth-events.js';
import type { Store } from '../store/open-store.js';
import { safeFilename } from '../store/safe-filename.js';
import type { ReadSeed } from './read-seed.js';
import type { SeedDataset, SeedEvent } from './seed-file.js';
import type { Seeded } from './seed-store.js';

interface Place {
  readonly read: ReadSeed;
  /** Of the data set in the file. */
  readonly index: number;
  /** Of the file. */
  readonly path: string;
}

/** Looks at every file that data sets name, before anything is made. */
export function checkDatasetFiles(read: ReadSeed, path: string): void {
  for (const [index, { events }] of read.seed.datasets.entries()) {
    for (const [number, { files, data }] of events.entries()) {
      const here = ['datasets', index, 'events', number];
      for (const [name, file] of Object.entries(files)) {
        const problem = problemOf(path, pathOf(file));
        if (problem !== undefined) throw read.refuse([...here, 'files', name], problem);
      }
      const problem = typeof data === 'string' ? problemOf(path, data) : undefined;
      if (problem !== undefined) throw read.refuse([...here, 'data'], problem);
    }
  }
}

/** Makes a data set, unless there is one of that name. */
export async function seedDataset(store: Store, dataset: SeedDataset, place: Place): Promise<Seeded> {
  const existing = findDocumentByName(store.database, 'ground_truth_dataset_versions', dataset.name);
  const seeded = { kind: 'ground_truth_dataset_versions', name: dataset.name };
  if (existing !== undefined) return { ...seeded, id: existing.id, created: false };
  const { id } = await addDataset(store, dataset.name, async (version) => {
    for (const [number, event] of dataset.events.entries()) await addEvent(store, event, { ...place, version, number });
  });
  return { ...seeded, id, created: true };
}

interface EventPlace extends Place {
  readonly version: number;
  readonly number: number;
}

async function addEvent(store: Store, event: SeedEvent, place: EventPlace): Promise<void> {
  const { category, files } = event;
  const { database, contents } = store;
  const data = JSON.stringify(await annotationsOf(event, place));
  const id = await database.write(() => beginEvent(database, { version: place.version, category, data }));
  for (const [position, [name, file]] of Object.entries(files).entries()) {
    const path = resolve(dirname(place.path), pathOf(file));
    const { file_type: type = 'image', is_primary: isPrimary = position === 0 } = typeof file === 'string' ? {} : file;
    const filename = safeFilename(basename(path));
    await contents.store(createReadStream(path), Number.MAX_SAFE_INTEGER, ({ sha256 }) =>
      addEventFile(database, id, { name, filename, file_type: type, is_primary: isPrimary ? 1 : 0, content: sha256 }),
    );
  }
}

async function annotationsOf({ data }: SeedEvent, { read, index, number, path }: EventPlace): Promise<unknown> {
  if (typeof data !== 'string') return data;
  try {
    return JSON.parse(await readFile(resolve(dirname(path), data), 'utf8')) as unknown;
  } catch (error) {
    throw read.refuse(['datasets', index, 'events', number, 'data'], `${data} is no JSON: ${errorMessage(error)}`);
  }
}

function pathOf(file: SeedEvent['files'][string]): string {
  return typeof file === 'string' ? file : file.path;
}

function problemOf(seedFile: string, path: string): string | undefined {
  try {
    const folder = realpathSync(dirname(seedFile));
    const real = realpathSync(resolve(folder, path));
    const inside = relative(folder, real);
    if (inside.startsWith('..') || isAbsolute(inside)) return `${path} is outside of the folder of the seed file`;
    return statSync(real).isFile() ? undefined : `${path} is no file`;
  } catch (error) {
    return `${path} cannot be read: ${errorMessage(error)}`;
  }
}
