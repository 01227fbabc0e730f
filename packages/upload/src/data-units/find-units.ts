import type { BackendClient } from '@synapse-steps/backend';
import type { DataUnit, Id } from '@synapse-steps/backend/api';

import type { UploadedGroup } from '../file-group.js';
import { isUnitOf, metaKeyOf } from './same-unit.js';

export interface FindUnitsOptions {
  readonly client: BackendClient;
  readonly dataCollection: Id;
  readonly signal: AbortSignal;
  /** Only those that are newer than this one. */
  readonly newerThan?: number | undefined;
}

export interface FoundUnits {
  /** There may be several of one group, if somebody has made them twice. */
  readonly found: readonly { readonly group: UploadedGroup; readonly unit: DataUnit }[];
  /** False when the look ended before the collection did, and something was still missing. */
  readonly isComplete: boolean;
}

/** How many of a collection's newest units are looked at for each group, and at least. */
const LOOKS_PER_GROUP = 5;
const FEWEST_LOOKS = 2000;

/** Looks among the newest units of the collection for those of these groups. */
export async function findUnits(groups: readonly UploadedGroup[], options: FindUnitsOptions): Promise<FoundUnits> {
  const { client, dataCollection, signal, newerThan } = options;
  const wanted = new Map<string, UploadedGroup[]>();
  for (const group of groups) {
    const key = metaKeyOf(group.meta);
    wanted.set(key, [...(wanted.get(key) ?? []), group]);
  }
  const found: { group: UploadedGroup; unit: DataUnit }[] = [];
  let left = Math.max(FEWEST_LOOKS, groups.length * LOOKS_PER_GROUP);
  for await (const unit of client.dataUnits.list({ dataCollection, signal })) {
    if (left === 0) return { found, isComplete: new Set(found.map(({ group }) => group)).size === groups.length };
    left -= 1;
    if (newerThan !== undefined && !(typeof unit.id === 'number' && unit.id > newerThan)) continue;
    const group = wanted.get(metaKeyOf(unit.meta))?.find((one) => isUnitOf(one, unit));
    if (group) found.push({ group, unit });
  }
  return { found, isComplete: true };
}
