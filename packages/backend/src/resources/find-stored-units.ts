import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';

import type { DataUnit, NewDataUnit } from '../api/data-unit.js';
import type { Id } from '../api/id.js';

export interface StoredUnits {
  readonly stored: DataUnit[];
  readonly absent: NewDataUnit[];
  /** False when the look ended before everything was found or excluded. */
  readonly isClear: boolean;
}

/** How many of a collection's newest units are looked at for each one that is searched, and at least. */
const LOOKS_PER_UNIT = 5;
const FEWEST_LOOKS = 1000;

/**
 * Looks for units among those that the backend lists. Each listed unit stands for one of the wanted at most, so two equal
 * ones are found only if there are two.
 */
export async function findStoredUnits(
  wanted: readonly NewDataUnit[],
  list: (dataCollection: Id) => AsyncIterable<DataUnit>,
): Promise<StoredUnits> {
  const absent = [...wanted];
  const stored: DataUnit[] = [];
  let wasCutShort = false;
  for (const collection of new Set(wanted.map((unit) => unit.data_collection))) {
    let left = Math.max(FEWEST_LOOKS, wanted.length * LOOKS_PER_UNIT);
    for await (const listed of list(collection)) {
      const index = absent.findIndex((unit) => unit.data_collection === collection && isSame(unit, listed));
      if (index >= 0) stored.push(...(absent.splice(index, 1), [listed]));
      if (!absent.some((unit) => unit.data_collection === collection)) break;
      left -= 1;
      if (left > 0) continue;
      wasCutShort = true; // there are more, and who knows how they are sorted
      break;
    }
  }
  // Without a meta, one that was stored long ago looks the same.
  const canTell = wanted.every((unit) => Object.keys(unit.meta ?? {}).length > 0);
  return { stored, absent, isClear: canTell && (absent.length === 0 || !wasCutShort) };
}

const listedFilesSchema = z.record(z.string(), z.looseObject({ checksum: z.string().nullish() }));

function isSame(unit: NewDataUnit, listed: DataUnit): boolean {
  const meta = Object.entries(unit.meta ?? {});
  if (!meta.every(([key, value]) => isDeepStrictEqual(value, listed.meta?.[key]))) return false;
  const files = listedFilesSchema.safeParse(listed.files);
  // A list that does not show checksums leaves the meta to decide.
  if (!files.success) return meta.length > 0;
  return Object.entries(unit.files).every(
    ([spec, { checksum }]) => (files.data[spec]?.checksum ?? checksum) === checksum,
  );
}
