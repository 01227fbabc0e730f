import type { Id } from '@synapse-steps/backend/api';
import { z } from 'zod';

const idSchema = z.union([z.number(), z.string()]);

/** Ids in a short form: numbers that follow each other are one pair of the first and the last. */
export const idRangesSchema = z.array(z.union([idSchema, z.tuple([z.number(), z.number()])]));

export type IdRanges = z.infer<typeof idRangesSchema>;

/** Keeps the order; only what rises by one is drawn together. */
export function toIdRanges(ids: Iterable<Id>): IdRanges {
  return appendIds([], ids);
}

/** Adds to ranges in place. */
export function appendIds(ranges: IdRanges, ids: Iterable<Id>): IdRanges {
  for (const id of ids) {
    const last = ranges.at(-1);
    if (typeof id === 'number' && Array.isArray(last) && last[1] + 1 === id) last[1] = id;
    else if (typeof id === 'number' && typeof last === 'number' && last + 1 === id)
      ranges[ranges.length - 1] = [last, id];
    else ranges.push(id);
  }
  return ranges;
}

export function* fromIdRanges(ranges: IdRanges): Generator<Id> {
  for (const range of ranges) {
    if (!Array.isArray(range)) yield range;
    else for (let id = range[0]; id <= range[1]; id += 1) yield id;
  }
}

/** For people: `101–300, 305`. */
export function describeIds(ids: Iterable<Id>): string {
  return toIdRanges(ids)
    .map((range) => (Array.isArray(range) ? `${range[0]}–${range[1]}` : String(range)))
    .join(', ');
}
