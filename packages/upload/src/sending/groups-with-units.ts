import type { BackendClient } from '@synapse-steps/backend';
import type { DataUnit, Id } from '@synapse-steps/backend/api';

import { listedFilesOf, metaKeyOf } from '../data-units/same-unit.js';
import type { FileGroup } from '../file-group.js';
import type { Cargo } from './cargo.js';

/** A group whose files the backend has. */
export interface KnownGroup {
  readonly group: FileGroup;
  readonly files: readonly Cargo[];
}

interface Options {
  readonly client: BackendClient;
  readonly dataCollection: Id;
  readonly signal: AbortSignal;
}

/**
 * Which of these groups the collection has a data unit of: one with these files, by their checksums, or, where a list shows
 * none, of this key. Each unit stands for one group; the list is read only until all are found.
 */
export async function groupsWithUnits(
  known: readonly KnownGroup[],
  { client, dataCollection, signal }: Options,
): Promise<Set<FileGroup>> {
  const found = new Set<FileGroup>();
  if (known.length === 0) return found;
  const waiting = byKey(known);
  for await (const unit of client.dataUnits.list({ dataCollection, pageSize: 1000, signal })) {
    const group = groupOf(unit, waiting, found);
    if (group) found.add(group);
    if (found.size === known.length) break;
  }
  return found;
}

function byKey(known: readonly KnownGroup[]): ReadonlyMap<string, readonly KnownGroup[]> {
  const groups = new Map<string, KnownGroup[]>();
  for (const one of known) {
    for (const key of keysOf(one)) {
      const alike = groups.get(key);
      if (alike) alike.push(one);
      else groups.set(key, [one]);
    }
  }
  return groups;
}

function groupOf(
  unit: DataUnit,
  waiting: ReadonlyMap<string, readonly KnownGroup[]>,
  found: ReadonlySet<FileGroup>,
): FileGroup | undefined {
  const listed = listedFilesOf(unit);
  const sums = Object.entries(listed ?? {}).flatMap(([spec, { checksum }]) =>
    checksum ? [[spec, checksum] as const] : [],
  );
  const keys = sums.length > 0 ? sums.map(([spec, sum]) => fileKey(spec, sum)) : [metaKeyOf(unit.meta)];
  const alike = new Set(keys.flatMap((key) => waiting.get(key) ?? []));
  const fitting = [...alike].filter(
    ({ group, files }) =>
      !found.has(group) &&
      (sums.length === 0 || files.every((file) => sumsOf(file).includes(listed?.[file.spec]?.checksum ?? ''))),
  );
  const own = fitting.find(({ group }) => metaKeyOf(group.meta) === metaKeyOf(unit.meta));
  return (own ?? fitting[0])?.group;
}

function keysOf({ group, files }: KnownGroup): string[] {
  const [first] = files;
  const sums = first ? sumsOf(first).map((sum) => fileKey(first.spec, sum)) : [];
  return [metaKeyOf(group.meta), ...sums];
}

/** All checksums that a file which the backend had may be known by. */
function sumsOf({ end }: Cargo): readonly string[] {
  return end?.is === 'there' && end.how === 'known' ? end.sums : [];
}

function fileKey(spec: string, checksum: string): string {
  return `${spec}\n${checksum}`;
}
