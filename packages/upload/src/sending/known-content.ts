import { createHash } from 'node:crypto';

import type { BackendClient, UploadSource } from '@synapse-steps/backend';

import { atOnce } from './at-once.js';
import { isFileError } from './file-error.js';

export interface KnownContentOptions {
  readonly client: BackendClient;
  /** How many checksums are asked for at once. */
  readonly batchSize: number;
  readonly maxWorkers: number;
  readonly signal: AbortSignal;
}

export interface KnownContent {
  readonly checksum: string;
  readonly sums: readonly string[];
}

/**
 * Which of these the backend has, with the checksum that it knows them by, SHA-1 or MD5, by the way that they once took, and both.
 * What cannot be read here is left out; whoever sends it will say why.
 */
export async function knownContent<T extends { readonly source: UploadSource }>(
  items: readonly T[],
  { client, batchSize, maxWorkers, signal }: KnownContentOptions,
): Promise<Map<T, KnownContent>> {
  const sums = new Map<T, readonly string[]>();
  await atOnce(items, maxWorkers, async (item) => {
    const both = await checksumsOf(item.source);
    if (both) sums.set(item, both);
  });
  const asked = [...new Set([...sums.values()].flat())];
  const known = new Set<string>();
  for (let from = 0; from < asked.length; from += batchSize) {
    for (const sum of await client.dataFiles.knownChecksums(asked.slice(from, from + batchSize), { signal }))
      known.add(sum);
  }
  const found = new Map<T, KnownContent>();
  for (const [item, both] of sums) {
    const sum = both.find((one) => known.has(one));
    if (sum !== undefined) found.set(item, { checksum: sum, sums: both });
  }
  return found;
}

/** SHA-1 and MD5, from one reading; undefined when it cannot be read. */
async function checksumsOf(source: UploadSource): Promise<readonly [string, string] | undefined> {
  const hashes = [createHash('sha1'), createHash('md5')] as const;
  try {
    for await (const chunk of source.read()) for (const hash of hashes) hash.update(chunk);
  } catch (error) {
    if (!isFileError(error)) throw error;
    return undefined;
  }
  return [hashes[0].digest('hex'), hashes[1].digest('hex')];
}
