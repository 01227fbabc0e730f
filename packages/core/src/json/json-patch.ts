import { z } from 'zod';

import { SynapseStepsError } from '../errors/synapse-steps-error.js';
import { unescapeKey } from './json-tags.js';
import { decodeJson, isForbiddenKey, type JsonValue } from './json-value.js';

/** The operations of RFC 6902 that may cross a boundary. `move` and `copy` are left out: they amplify. */
export const patchOperationSchema = z.discriminatedUnion('op', [
  z.looseObject({ op: z.literal('add'), path: z.string(), value: z.json() }),
  z.looseObject({ op: z.literal('replace'), path: z.string(), value: z.json() }),
  z.looseObject({ op: z.literal('remove'), path: z.string() }),
]);

export type PatchOperation =
  | { readonly op: 'add'; readonly path: string; readonly value: JsonValue }
  | { readonly op: 'replace'; readonly path: string; readonly value: JsonValue }
  | { readonly op: 'remove'; readonly path: string };

/** Thrown when an operation of a patch cannot be applied; nothing of the patch has been applied then. */
export class PatchError extends SynapseStepsError {
  constructor(operation: { readonly op: string; readonly path: string }, problem: string) {
    super({
      code: 'invalid_patch',
      message: `The change '${operation.op} ${operation.path}' cannot be applied: ${problem}.`,
      details: { path: operation.path },
    });
  }
}

/** A place that holds values by key; lets a patch reach into a context without knowing what one is. */
export interface PatchRoot {
  has(key: string): boolean;
  get(key: string): unknown;
  set(key: string, value: JsonValue): void;
  remove(key: string): void;
}

/**
 * Applies RFC 6902 operations in place, all or nothing: when one cannot be applied, those before it are taken back and
 * a {@link PatchError} is thrown. In place, because a patch of one value inside a large field must cost one value.
 * Returns what takes all of it back.
 */
export function applyPatch(root: PatchRoot, operations: readonly PatchOperation[]): () => void {
  const inverses: (() => void)[] = [];
  const takeBack = (): void => {
    for (const inverse of inverses.toReversed()) inverse();
  };
  try {
    for (const operation of operations) inverses.push(applyOperation(root, operation));
  } catch (error) {
    takeBack();
    throw error;
  }
  return takeBack;
}

/** The unescaped segments of a JSON pointer (RFC 6901). */
export function parsePointer(operation: { readonly op: string; readonly path: string }): string[] {
  if (!operation.path.startsWith('/')) throw new PatchError(operation, 'the path must begin with "/"');
  const segments = operation.path
    .slice(1)
    .split('/')
    .map((segment) => unescapeKey(segment.replaceAll('~1', '/').replaceAll('~0', '~')));
  for (const segment of segments) {
    if (isForbiddenKey(segment)) throw new PatchError(operation, `'${segment}' is not allowed in a path`);
  }
  return segments;
}

/** Applies one operation and returns what takes it back. */
function applyOperation(root: PatchRoot, operation: PatchOperation): () => void {
  const segments = parsePointer(operation);
  const last = segments.pop() ?? '';
  const parent = findParent(root, segments, operation);
  return parent instanceof Array ? changeArray(parent, last, operation) : changeObject(parent, last, operation);
}

function findParent(root: PatchRoot, segments: readonly string[], operation: PatchOperation): PatchRoot | unknown[] {
  const [first, ...rest] = segments;
  if (first === undefined) return root;
  let value: unknown = root.has(first) ? root.get(first) : undefined;
  for (const segment of rest) value = childOf(value, segment);
  if (Array.isArray(value)) return value as unknown[];
  if (typeof value === 'object' && value !== null) return objectRoot(value as Record<string, unknown>);
  throw new PatchError(operation, `there is no object or list at '/${segments.join('/')}'`);
}

function childOf(value: unknown, segment: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, segment)) return undefined;
  return (value as Record<string, unknown>)[segment];
}

function objectRoot(target: Record<string, unknown>): PatchRoot {
  return {
    has: (key) => Object.hasOwn(target, key),
    get: (key) => target[key],
    set: (key, value) => void (target[key] = value),
    remove: (key) => void delete target[key],
  };
}

function changeObject(target: PatchRoot, key: string, operation: PatchOperation): () => void {
  const existed = target.has(key);
  if (!existed && operation.op !== 'add') throw new PatchError(operation, 'there is no such value');
  const before = existed ? target.get(key) : undefined;
  if (operation.op === 'remove') target.remove(key);
  else target.set(key, valueOf(operation));
  return () => (existed ? target.set(key, before as JsonValue) : target.remove(key));
}

function changeArray(target: unknown[], segment: string, operation: PatchOperation): () => void {
  const index = segment === '-' ? target.length : Number(segment);
  const highest = operation.op === 'add' ? target.length : target.length - 1;
  if (!/^(?:0|[1-9]\d*|-)$/.test(segment) || index > highest) {
    throw new PatchError(operation, `the list has ${target.length} items`);
  }
  if (operation.op === 'remove') {
    const [removed] = target.splice(index, 1);
    return () => void target.splice(index, 0, removed);
  }
  const value = valueOf(operation);
  const [before] = target.splice(index, operation.op === 'add' ? 0 : 1, value);
  return () => void (operation.op === 'add' ? target.splice(index, 1) : target.splice(index, 1, before));
}

/** What stands in a context, and not its JSON: a `bigint` is one again. */
function valueOf({ path, value }: { readonly path: string; readonly value: JsonValue }): JsonValue {
  return decodeJson(value, `The value of '${path}'`) as JsonValue;
}
