import type { PatchOperation } from '../json/json-patch.js';
import { escapeKey } from '../json/json-tags.js';
import { type JsonValue, toPointer } from '../json/json-value.js';

/** One change of one field. */
export interface ContextChange {
  readonly version: number;
  readonly field: string;
  /** Whether the field was there before. */
  readonly existed: boolean;
  /** The operation inside the field that made it; undefined when the whole field counts as changed. */
  readonly operation: PatchOperation | undefined;
  /** The step that made it, as far as that is known. */
  readonly by: string | undefined;
  /** `static state` may have made another value of the one that was told. */
  readonly isRevived?: boolean;
}

/** What has to be told of one field. */
interface Untold {
  /** Whether the copy has the field. */
  has: boolean;
  hasOwn: boolean;
  operations: PatchOperation[] | 'whole' | undefined;
}

/**
 * The shortest patch that tells of changes: the operations where all that is untold of a field was told by operations,
 * else the whole field. Operations of two sides on one field are never mixed, as their order at the copy is another one.
 */
export function patchOf(
  changes: readonly ContextChange[],
  valueOf: (field: string) => JsonValue | undefined,
  isKnown: (change: ContextChange) => boolean = () => false,
): PatchOperation[] {
  const fields = new Map<string, Untold>();
  for (const change of changes) {
    const untold = fields.get(change.field) ?? { has: change.existed, hasOwn: false, operations: undefined };
    fields.set(change.field, untold);
    if (isKnown(change)) untold.hasOwn = true;
    else add(untold, change);
  }
  return [...fields].flatMap(([field, untold]) => operationsOf(field, untold, valueOf));
}

function add(untold: Untold, { operation }: ContextChange): void {
  const { operations = [] } = untold;
  untold.operations = operation === undefined || operations === 'whole' ? 'whole' : [...operations, operation];
}

function operationsOf(
  field: string,
  { has, hasOwn, operations }: Untold,
  valueOf: (field: string) => JsonValue | undefined,
): PatchOperation[] {
  if (operations === undefined) return [];
  if (operations !== 'whole' && !hasOwn) return operations;
  const path = toPointer([escapeKey(field)]);
  const value = valueOf(field);
  // an own change may have added or removed it at the copy: 'add' fits both, and before 'remove' it makes sure
  if (value === undefined) {
    const add: PatchOperation[] = hasOwn ? [{ op: 'add', path, value: null }] : [];
    return has || hasOwn ? [...add, { op: 'remove', path }] : [];
  }
  return [{ op: has && !hasOwn ? 'replace' : 'add', path, value }];
}
