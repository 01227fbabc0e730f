import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import type { Id } from '@synapse-steps/backend/api';

import { readConversionMarker } from '../convert/conversion-marker.js';
import { readDownloadMarker } from '../download/dataset-cache.js';
import { isPartName } from '../output/parts.js';
import { orMissing } from '../pictures/file-system-error.js';
import { defaultCacheFolder } from './default-cache-folder.js';
import { diskUse } from './disk-use.js';

/** A data set in a cache, or what is left of a download or a conversion that was cut off. */
export interface CachedDataset {
  readonly folder: string;
  /** Folders beside it, with the same data in other formats. */
  readonly conversions: readonly string[];
  /** False for leftovers, with which the next download of the same goes on, and for what is being made at this moment. */
  readonly isComplete: boolean;
  /** Its version on the backend. */
  readonly dataset: Id | undefined;
  /** How many events it has. */
  readonly count: number | undefined;
  /** On the disk, with its conversions; a picture that is in several of them is often one file, and counts once. */
  readonly bytes: number;
  /** When it was last asked for; of leftovers, when something in them last changed. */
  readonly lastUsed: Date;
}

export interface ListCachedDatasetsOptions {
  /** The `cacheDir` of downloads. Default: `$XDG_CACHE_HOME/synapse-steps/datasets`, or below `~/.cache`. */
  readonly cacheDir?: string | undefined;
}

/**
 * The data sets that were downloaded into a cache, the last used one first. What lies there and is not ours is not listed.
 *
 * @example
 * for (const { dataset, folder, bytes } of await listCachedDatasets()) console.log(dataset, folder, bytes);
 */
export async function listCachedDatasets(options: ListCachedDatasetsOptions = {}): Promise<CachedDataset[]> {
  const cacheDir = resolve(options.cacheDir ?? join(defaultCacheFolder(), 'datasets'));
  const names = ((await orMissing(readdir(cacheDir))) ?? []).sort();
  const found = [
    ...(await completeOnes(cacheDir, names)),
    ...(await Promise.all(names.filter(isLeftover).map((name) => leftover(join(cacheDir, name))))),
  ];
  return found.sort((one, other) => other.lastUsed.getTime() - one.lastUsed.getTime());
}

async function completeOnes(cacheDir: string, names: readonly string[]): Promise<CachedDataset[]> {
  const downloads = new Map<string, { readonly dataset: Id; readonly count: number; readonly lastUsed: Date }>();
  const conversions: string[] = [];
  for (const name of names) {
    const marker = await readDownloadMarker(join(cacheDir, name));
    if (marker !== undefined) downloads.set(name, marker);
    else if ((await readConversionMarker(join(cacheDir, name))) !== undefined) conversions.push(name);
  }
  const found: CachedDataset[] = [];
  const owners = new Map(conversions.map((name) => [name, ownerOf(name, downloads.keys())]));
  for (const [name, { dataset, count, lastUsed }] of downloads) {
    const [folder, own] = [join(cacheDir, name), conversions.filter((conversion) => owners.get(conversion) === name)];
    const beside = own.map((conversion) => join(cacheDir, conversion));
    const { bytes } = await diskUse([folder, ...beside]);
    found.push({ folder, conversions: beside, isComplete: true, dataset, count, bytes, lastUsed });
  }
  const orphans = conversions.filter((name) => owners.get(name) === undefined);
  return [...found, ...(await Promise.all(orphans.map((name) => leftover(join(cacheDir, name)))))];
}

/** A conversion is named after what it was made of. */
function ownerOf(conversion: string, downloads: Iterable<string>): string | undefined {
  const candidates = [...downloads].filter((name) => conversion.startsWith(`${name}_`));
  return candidates.sort((one, other) => other.length - one.length)[0];
}

async function leftover(folder: string): Promise<CachedDataset> {
  const { bytes, changed: lastUsed } = await diskUse([folder]);
  return { folder, conversions: [], isComplete: false, dataset: undefined, count: undefined, bytes, lastUsed };
}

function isLeftover(name: string): boolean {
  return isPartName(name) || /^\..+\.kept$/u.test(name);
}
