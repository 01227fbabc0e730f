import type { PatchOperation } from '../json/json-patch.js';
import { escapeKey } from '../json/json-tags.js';
import { type JsonValue, toPointer } from '../json/json-value.js';

/** One change of one field. */
export interface ContextChange {
  readonly version: number;
  readonly field: string;
  /** Whether the field was there before; undefined when nobody knows any more. */
  readonly existed: boolean | undefined;
  /** Whether it is there now. */
  readonly exists: boolean;
  /** The operation inside the field that made it; undefined when the whole field counts as changed. */
  readonly operation: PatchOperation | undefined;
  /** The step that made it, as far as that is known. */
  readonly by: string | undefined;
  /** Not all of it is what `by` told: `static state` made another value of that, or it stands for several changes. */
  readonly mayDiffer?: boolean;
  /** About how many characters the value of the operation takes. */
  readonly weight: number;
  /** The value of the operation was too heavy to be kept. */
  readonly hasLostValue?: true;
}

/** What has to be told of one field. */
interface Untold {
  /** Whether the copy has the field, if that is known. */
  has: boolean | undefined;
  operations: PatchOperation[] | 'whole' | undefined;
}

/**
 * The shortest patch that tells of changes: the operations where all that is untold of a field was told by operations,
 * else the whole field. The whole also where one of the changes that the copy has already came after one that it has not,
 * as there they came in another order.
 */
export function patchOf(
  changes: readonly ContextChange[],
  valueOf: (field: string) => JsonValue | undefined,
  isKnown: (change: ContextChange) => boolean = () => false,
): PatchOperation[] {
  const fields = new Map<string, Untold>();
  for (const change of changes) {
    const untold = fields.get(change.field) ?? { has: change.existed, operations: undefined };
    fields.set(change.field, untold);
    if (isKnown(change)) skip(untold, change);
    else add(untold, change);
  }
  return [...fields].flatMap(([field, untold]) => operationsOf(field, untold, valueOf));
}

function skip(untold: Untold, { exists }: ContextChange): void {
  untold.has = exists;
  if (untold.operations !== undefined) untold.operations = 'whole';
}

function add(untold: Untold, { operation, hasLostValue }: ContextChange): void {
  const { operations = [] } = untold;
  if (operation === undefined || hasLostValue === true || operations === 'whole') untold.operations = 'whole';
  else untold.operations = [...operations, operation];
}

function operationsOf(
  field: string,
  { has, operations }: Untold,
  valueOf: (field: string) => JsonValue | undefined,
): readonly PatchOperation[] {
  if (operations === undefined) return [];
  if (operations !== 'whole') return operations;
  const path = toPointer([escapeKey(field)]);
  const value = valueOf(field);
  if (value !== undefined) return [{ op: has === true ? 'replace' : 'add', path, value }];
  // 'remove' asks for a field that is there
  const makeSure: PatchOperation[] = has === undefined ? [{ op: 'add', path, value: null }] : [];
  return has === false ? [] : [...makeSure, { op: 'remove', path }];
}

/** The same changes, the old ones as one of each field. */
export function shorten(changes: readonly ContextChange[], kept: number): ContextChange[] {
  const newest = new Map<string, ContextChange>();
  for (const change of changes.slice(0, -kept)) {
    newest.delete(change.field); // so that the order stays that of the versions
    newest.set(change.field, { ...change, operation: undefined, existed: undefined, mayDiffer: true, weight: 0 });
  }
  return [...newest.values(), ...changes.slice(-kept)];
}

/** How much the values of some changes weigh together. */
export function weightOfAll(changes: readonly ContextChange[]): number {
  return changes.reduce((sum, { weight }) => sum + weight, 0);
}

/** The same changes, of which the newest keep their values as long as those weigh less than `kept` together, and the others light ones only. */
export function lighten(changes: readonly ContextChange[], kept: number): ContextChange[] {
  let left = kept;
  const lightened = changes.toReversed().map((change) => {
    left -= change.weight;
    return left > 0 || change.weight <= LIGHT ? change : withoutValue(change);
  });
  return lightened.toReversed();
}

/** What is left tells which place was changed. */
function withoutValue(change: ContextChange): ContextChange {
  const { operation } = change;
  if (operation === undefined || operation.op === 'remove') return change;
  return { ...change, operation: { ...operation, value: null }, weight: 0, hasLostValue: true };
}

/** About how many characters an operation takes. */
export function weightOf(operation: PatchOperation | undefined): number {
  return operation === undefined || operation.op === 'remove' ? 0 : weightOfValue(operation.value);
}

function weightOfValue(value: JsonValue): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return SHORT;
  let sum = SHORT;
  for (const [key, item] of Object.entries(value)) sum += key.length + weightOfValue(item);
  return sum;
}

const SHORT = 8;
/** It would not be worth while to send a whole field because of it. */
const LIGHT = 1024;
