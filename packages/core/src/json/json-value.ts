import { SynapseStepsError } from '../errors/synapse-steps-error.js';

export type JsonPrimitive = string | number | boolean | null;
export type JsonValue = JsonPrimitive | JsonValue[] | { [key: string]: JsonValue };
export type JsonObject = { [key: string]: JsonValue };

/** How deep a value may nest; the same limit holds on the wire. */
export const MAX_JSON_DEPTH = 64;

const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

/** Thrown when a value that has to be written as JSON is none; `pointer` is the JSON pointer (RFC 6901) to the culprit. */
export class UnserialisableValueError extends SynapseStepsError {
  readonly pointer: string;

  constructor(what: string, pointer: string, found: string) {
    super({
      code: 'unserialisable_value',
      message: `${what} cannot be written as JSON: ${found} at ${pointer === '' ? 'the top' : pointer}.`,
      details: { pointer },
    });
    this.pointer = pointer;
  }
}

/**
 * Checks that `value` is JSON and returns a deep copy of it. An object with `toJSON` (a `Date`, a `URL`) counts as what
 * that returns; a key whose value is `undefined` is left out.
 *
 * @throws UnserialisableValueError with the JSON pointer of the first thing that is not JSON (NaN, a function, a Map, a
 * class instance, a cycle, a key that could pollute a prototype, more than 64 levels).
 */
export function copyJson(value: unknown, what: string): JsonValue {
  return copy(value, { what, path: [] });
}

/** As {@link copyJson}, and the value must be an object. */
export function copyJsonObject(value: unknown, what: string): JsonObject {
  const copied = copyJson(value, what);
  if (!isJsonObject(copied))
    throw new UnserialisableValueError(what, '', `expected an object, found ${describe(value)}`);
  return copied;
}

function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether an object has no keys; makes no list of them. */
export function isEmpty(value: object): boolean {
  for (const key in value) if (Object.hasOwn(value, key)) return false;
  return true;
}

/** Whether a key is one that reaches a prototype when it is assigned. */
export function isForbiddenKey(key: string): boolean {
  return FORBIDDEN_KEYS.has(key);
}

/** The JSON pointer (RFC 6901) of a path. */
export function toPointer(path: readonly (string | number)[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

interface Walk {
  readonly what: string;
  readonly path: (string | number)[];
}

function copy(value: unknown, walk: Walk): JsonValue {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw refuse(walk, describe(value));
    return value;
  }
  if (typeof value !== 'object') throw refuse(walk, describe(value));
  if (walk.path.length >= MAX_JSON_DEPTH) throw refuse(walk, `more than ${MAX_JSON_DEPTH} levels (or a cycle)`);
  if (hasToJson(value)) return copyConverted(value, walk);
  if (Array.isArray(value)) return copyArray(value, walk);
  if (!isPlain(value)) throw refuse(walk, describe(value));
  return copyObject(value, walk);
}

function copyConverted(value: { toJSON(): unknown }, walk: Walk): JsonValue {
  const converted = value.toJSON();
  if (typeof converted === 'object' && converted !== null && hasToJson(converted)) throw refuse(walk, describe(value));
  if (converted === null && value instanceof Date) throw refuse(walk, 'an invalid Date');
  return copy(converted, walk);
}

function copyArray(values: readonly unknown[], walk: Walk): JsonValue[] {
  const copied: JsonValue[] = [];
  for (let index = 0; index < values.length; index += 1) {
    walk.path.push(index);
    copied.push(copy(values[index], walk));
    walk.path.pop();
  }
  return copied;
}

function copyObject(value: object, walk: Walk): JsonObject {
  const copied: JsonObject = {};
  for (const [key, item] of Object.entries(value)) {
    if (item === undefined) continue;
    walk.path.push(key);
    if (isForbiddenKey(key)) throw refuse(walk, `the forbidden key '${key}'`);
    copied[key] = copy(item, walk);
    walk.path.pop();
  }
  return copied;
}

function refuse(walk: Walk, found: string): UnserialisableValueError {
  return new UnserialisableValueError(walk.what, toPointer(walk.path), found);
}

function hasToJson(value: object): value is { toJSON(): unknown } {
  return 'toJSON' in value && typeof value.toJSON === 'function';
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  // The second test accepts plain objects of another realm (a vm context, an iframe).
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null;
}

function describe(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  if (typeof value === 'number') return String(value);
  if (typeof value === 'object') return `an instance of ${value.constructor?.name ?? 'an unnamed class'}`;
  return `a ${typeof value}`;
}
