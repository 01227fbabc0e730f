import { createHash } from 'node:crypto';
import { readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

import { MARKER } from '../output/marker.js';
import { isFileSystemError, orMissing } from '../pictures/file-system-error.js';
import { backendIdentity } from './data-identity.js';
import type { Download } from './download-dataset.js';
import { Fingerprint } from './fingerprint.js';
import { listSplit, PAGE_SIZE } from './list-split.js';
import type { SplitFilters, SplitQuery } from './split-filters.js';

// A cache is a folder with a folder per data set, named after the data set's id, its splits, and their conditions if there
// are any. What is complete is never changed: data that has changed on the backend gets a folder of its own beside it, since
// somebody may still train with the old one.

const markerSchema = z.object({
  dataset: z.union([z.string(), z.number()]),
  splits: z.unknown(),
  count: z.int(),
  fingerprint: z.string(),
});

type Marker = z.infer<typeof markerSchema>;

/** A place in the cache: what is wanted is there, or is to be put there. */
export interface CacheEntry {
  readonly key: string;
  readonly path: string;
  readonly isComplete: boolean;
  /** Where files wait that a download has fetched which was then cut off. */
  readonly keepFolder: string;
  readonly facts: Omit<Marker, 'count' | 'fingerprint'>;
  readonly count: number;
}

export interface FindCachedOptions extends Download {
  readonly splits: SplitFilters | undefined;
}

/** Asks the backend for the first page of each list, if there is something to compare it with. */
export async function findCached(cacheDir: string, options: FindCachedOptions): Promise<CacheEntry> {
  const { dataset, splits = null } = options;
  const key = keyOf(options);
  const facts = { dataset, splits };
  const entry = (name: string, marker: Marker | undefined): CacheEntry => ({
    key: name,
    facts,
    isComplete: marker !== undefined,
    count: marker?.count ?? 0,
    path: join(cacheDir, name),
    keepFolder: join(cacheDir, `.${name}.kept`),
  });
  const first = join(cacheDir, key);
  if ((await orMissing(stat(first))) === undefined) return entry(key, undefined);
  const fingerprint = await fingerprintOf(options);
  const hash = shortHash(fingerprint);
  for (const name of [key, `${key}_${hash}`]) {
    const marker = await readDownloadMarker(join(cacheDir, name));
    if (marker === undefined || !fits(marker, { ...facts, fingerprint })) continue;
    const now = new Date();
    await utimes(join(cacheDir, name, MARKER), now, now); // for whoever clears away what nobody uses
    return entry(name, marker);
  }
  return entry(`${key}_${hash}`, undefined);
}

export async function writeMarker(folder: string, marker: Marker): Promise<void> {
  await writeFile(join(folder, MARKER), `${JSON.stringify(marker)}\n`);
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

/** As the Python SDK names it, and the conditions' hash: other conditions are other data. */
function keyOf({ dataset, splits = {} }: FindCachedOptions): string {
  const names = Object.keys(splits).sort();
  const conditions = names.flatMap((name) =>
    Object.keys(splits[name] ?? {}).length > 0 ? [[name, sorted(splits[name])]] : [],
  );
  const id = encodeURIComponent(String(dataset)).replaceAll('.', '%2E');
  return [id, ...names, ...(conditions.length > 0 ? [shortHash(JSON.stringify(conditions))] : [])].join('_');
}

function sorted(conditions: object = {}): unknown {
  return Object.entries(conditions).sort(([left], [right]) => (left < right ? -1 : 1));
}

function fits(marker: Marker, wanted: Omit<Marker, 'count'>): boolean {
  const plain = (value: Omit<Marker, 'count'>): string =>
    JSON.stringify([String(value.dataset), value.splits, value.fingerprint]);
  return plain(marker) === plain(wanted);
}

async function fingerprintOf({ client, dataset, queries, signal }: FindCachedOptions): Promise<string> {
  const found: string[] = [];
  for (const query of queries) found.push(await firstPage(query, { client, dataset, signal }));
  return found.join(' ');
}

async function firstPage(query: SplitQuery, options: Pick<Download, 'client' | 'dataset' | 'signal'>): Promise<string> {
  const fingerprint = new Fingerprint(backendIdentity(options.client), PAGE_SIZE);
  const onCount = (count: number | undefined): void => fingerprint.count(count);
  for await (const event of listSplit(query, { ...options, onCount })) if (!fingerprint.add(event)) break;
  return fingerprint.digest();
}

/** What a complete download says of itself, and when it was last taken; none where the folder is no download. */
export async function readDownloadMarker(folder: string): Promise<(Marker & { readonly lastUsed: Date }) | undefined> {
  const path = join(folder, MARKER);
  try {
    const parsed = markerSchema.safeParse(JSON.parse(await readFile(path, 'utf8')));
    return parsed.success ? { ...parsed.data, lastUsed: (await stat(path)).mtime } : undefined;
  } catch (error) {
    if (isFileSystemError(error, 'ENOENT', 'ENOTDIR') || error instanceof SyntaxError) return undefined; // not one of ours
    throw error;
  }
}
