import type { RequestRecord, RunGiven } from '../cases/action-vector.js';
import { textOf } from '../rules/rewriting.js';
import { downloadTries } from './download.js';

/** What the download of a data set comes to when nothing keeps it from it. */
export interface DatasetPart {
  readonly path: string;
  readonly count: number;
  readonly requests: readonly RequestRecord[];
  readonly logs: readonly (readonly string[])[];
}

type Given = Pick<RunGiven, 'params' | 'backend' | 'faults'>;

interface Split {
  readonly name: string | undefined;
  readonly query: [string, string][];
  readonly category: string | undefined;
}

const CATEGORIES: Readonly<Record<string, string>> = { train: 'train', valid: 'validation', test: 'test' };

export function datasetPart(given: Given): DatasetPart {
  const splits = splitsOf(given);
  const parts = splits.map((split) => ({ split, events: eventsOf(given, split) }));
  return {
    path: `{temp}/datasets/${cacheName(given)}`,
    count: parts.reduce((sum, { events }) => sum + events.length, 0),
    requests: parts.flatMap(({ split, events }) => [listOf(split), ...filesOf(given, events)]),
    logs: [
      ['dataset', 'info', 'download_start'],
      ['dataset', 'info', 'message', 'DATASET_DOWNLOAD_STARTING'],
      ...parts.flatMap(({ split }) => linesOf(split)),
      ['dataset', 'info', 'download_complete'],
      ['dataset', 'success', 'message', 'DATASET_DOWNLOAD_COMPLETED'],
    ],
  };
}

function splitsOf({ params }: Given): Split[] {
  const splits = (params['splits'] ?? {}) as Readonly<Record<string, Readonly<Record<string, string>> | null>>;
  const names = Object.entries(splits);
  if (names.length === 0) return [{ name: undefined, category: undefined, query: queryOf(params['dataset'], {}) }];
  return names.map(([name, filters]) => {
    const conditions = { category: CATEGORIES[name] ?? name, ...filters };
    return { name, category: conditions.category, query: queryOf(params['dataset'], conditions) };
  });
}

function queryOf(dataset: unknown, conditions: Readonly<Record<string, string>>): [string, string][] {
  return [
    ['fields', 'category'],
    ['fields', 'files'],
    ['fields', 'data'],
    ['expand', 'data'],
    ['ground_truth_dataset_versions', textOf(dataset)],
    ...Object.entries(conditions),
    ['page_size', '100'],
  ];
}

interface Event {
  readonly category?: string;
  readonly files?: Readonly<Record<string, { readonly url: string }>>;
}

function eventsOf({ backend }: Given, { category }: Split): Event[] {
  const events = (backend.ground_truth_events ?? []) as Event[];
  return category === undefined ? events : events.filter((event) => event.category === category);
}

function listOf({ query }: Split): RequestRecord {
  return { method: 'GET', path: '/sdk/ground_truth_events/', query, status: 200 };
}

/** Each file once, and again after answers that may be others the next time. */
function filesOf(given: Given, events: readonly Event[]): RequestRecord[] {
  const urls = events.flatMap(({ files = {} }) => Object.values(files).map(({ url }) => url.replace('{backend}', '')));
  return [...new Set(urls)].toSorted().flatMap((path) => downloadTries(given, path));
}

function linesOf({ name }: Split): string[][] {
  const listed = [
    ['dataset', 'info', 'gt_events_listed'],
    ['dataset', 'info', 'message', 'DATASET_GT_EVENTS_FOUND'],
    ['dataset', 'info', 'download_stats'],
  ];
  if (name === undefined) return listed;
  return [
    ...listed,
    ['dataset', 'info', 'split_downloaded'],
    ['dataset', 'info', 'message', 'DATASET_SPLIT_DOWNLOADED'],
  ];
}

/** As the SDK names it; other conditions make another name. */
function cacheName({ params }: Given): string {
  const splits = (params['splits'] ?? {}) as Readonly<Record<string, object | null>>;
  const names = Object.keys(splits).toSorted();
  return [textOf(params['dataset']), ...names, ...(hasConditions(splits) ? ['{random}'] : [])].join('_');
}

export function hasConditions(splits: Readonly<Record<string, object | null>>): boolean {
  return Object.values(splits).some((filters) => Object.keys(filters ?? {}).length > 0);
}
