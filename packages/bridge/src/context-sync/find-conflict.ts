import { type ContextChange, parsePointer, type PatchOperation } from '@synapse-steps/core';

/** A place that two steps changed, and the other one of them as far as it is known. */
export interface Conflict {
  readonly path: string;
  readonly by: string | undefined;
}

/** The first operation that touches a place which one of `others` touched: the same, one inside it, or one around it. */
export function findConflict(
  operations: readonly PatchOperation[],
  others: readonly ContextChange[],
  valueOf: (field: string) => unknown,
): Conflict | undefined {
  if (others.length === 0) return undefined;
  const taken = others.map(({ field, operation, by }) => ({
    place: operation === undefined ? [field] : placeOf(operation, valueOf),
    by,
  }));
  for (const operation of operations) {
    const place = placeOf(operation, valueOf);
    const found = taken.find((other) => overlap(place, other.place));
    if (found !== undefined) return { path: operation.path, by: found.by };
  }
  return undefined;
}

/** What an operation touches. One that moves the items of a list touches all of it; one that appends, only its end. */
function placeOf(operation: PatchOperation, valueOf: (field: string) => unknown): readonly string[] {
  const [field = '', ...inside] = parsePointer(operation);
  const last = inside.at(-1);
  if (last === undefined || last === APPEND || operation.op === 'replace') return [field, ...inside];
  const parent = inside.slice(0, -1);
  return Array.isArray(valueAt(valueOf(field), parent)) ? [field, ...parent] : [field, ...inside];
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  let at = value;
  for (const segment of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, segment)) return undefined;
    at = (at as Record<string, unknown>)[segment];
  }
  return at;
}

const APPEND = '-';

function overlap(one: readonly string[], other: readonly string[]): boolean {
  const shared = Math.min(one.length, other.length);
  if (one.slice(0, shared).some((segment, index) => segment !== other[index])) return false;
  // two that append to the same list disturb each other only in their order
  return !(one.length === other.length && one.length > 1 && one.at(-1) === APPEND);
}
