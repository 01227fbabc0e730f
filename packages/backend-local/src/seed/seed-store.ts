import { dirname, resolve } from 'node:path';
import type { Database } from '../store/database.js';
import {
  addDocument,
  allDocuments,
  type Document,
  type DocumentKind,
  findDocumentByName,
  putDocument,
} from '../store/documents.js';
import type { Store } from '../store/open-store.js';
import { type ReadSeed, readSeed } from './read-seed.js';
import { checkDatasetFiles, seedDataset } from './seed-dataset.js';
import type { Seed } from './seed-file.js';

/** One thing that a seed file names. */
export interface Seeded {
  /** As in the API: `data_collections`, `projects` …. */
  readonly kind: string;
  readonly id: number;
  readonly name: string;
  /** False: it was there already, and stays as it was. */
  readonly created: boolean;
}

export type SeedReport = readonly Seeded[];

/** Makes what a seed file describes, everything of it or nothing but whole data sets. */
export async function seedStore(store: Store, file: string): Promise<SeedReport> {
  const path = resolve(file);
  const read = await readSeed(path);
  checkReferences(store.database, read);
  checkDatasetFiles(read, path);
  const documents = await store.database.write(() => addDocuments(store.database, read.seed, dirname(path)));
  const datasets: Seeded[] = [];
  for (const [index, dataset] of read.seed.datasets.entries()) {
    datasets.push(await seedDataset(store, dataset, { read, index, path }));
  }
  return [...documents, ...datasets];
}

function checkReferences(database: Database, { seed, refuse }: ReadSeed): void {
  const knows = (kind: DocumentKind, name: string, own: readonly string[]): boolean =>
    own.includes(name) || findDocumentByName(database, kind, name) !== undefined;
  const collections = seed.data_collections.map(({ name }) => name);
  for (const [index, { data_collection: name }] of seed.projects.entries()) {
    if (name === undefined || knows('data_collections', name, collections)) continue;
    throw refuse(['projects', index, 'data_collection'], `there is no data collection '${name}'`);
  }
  const releases = seed.plugin_releases.map(nameOfRelease);
  for (const [index, { plugin_release: name }] of seed.jobs.entries()) {
    if (name === undefined || knows('plugin_releases', name, releases)) continue;
    throw refuse(['jobs', index, 'plugin_release'], `there is no release '${name}'; it is named by code and version`);
  }
}

function addDocuments(database: Database, seed: Seed, folder: string): Seeded[] {
  const add = (kind: DocumentKind, body: Readonly<Record<string, unknown>> & { readonly name: string }): Seeded => {
    const existing = findDocumentByName(database, kind, body.name);
    return seededOf(kind, existing ?? addDocument(database, kind, body), existing === undefined);
  };
  const idOf = (kind: DocumentKind, name: string | undefined): number | null =>
    name === undefined ? null : (findDocumentByName(database, kind, name)?.id ?? null);
  return [
    ...seed.storages.map(({ name, location, is_default: isDefault }) => {
      const configuration = { location: resolve(folder, location) };
      const isNew = findDocumentByName(database, 'storages', name) === undefined;
      if (isDefault && isNew) demoteDefault(database);
      return add('storages', {
        name,
        category: 'internal',
        provider: 'file_system',
        configuration,
        is_default: isDefault,
      });
    }),
    ...seed.data_collections.map((collection) => add('data_collections', collection)),
    ...seed.projects.map(({ data_collection: name, ...project }) =>
      add('projects', { ...project, data_collection: idOf('data_collections', name) }),
    ),
    ...seed.plugin_releases.map((release) => add('plugin_releases', { ...release, name: nameOfRelease(release) })),
    ...seed.jobs.map(({ plugin_release: name, ...job }) =>
      add('jobs', { status: 'PENDING', ...job, plugin_release: idOf('plugin_releases', name) }),
    ),
  ];
}

/** There is one default storage. */
function demoteDefault(database: Database): void {
  for (const storage of allDocuments(database, 'storages')) {
    if (storage['is_default'] === true) putDocument(database, 'storages', { ...storage, is_default: false });
  }
}

function nameOfRelease({ version, plugin }: Seed['plugin_releases'][number]): string {
  return `${plugin.code} ${version}`;
}

function seededOf(kind: DocumentKind, document: Document, created: boolean): Seeded {
  return { kind, id: document.id, name: String(document['name']), created };
}
