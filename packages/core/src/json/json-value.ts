import { SynapseStepsError } from '../errors/synapse-steps-error.js';
import { bytesTag, escapeKey, integerTag, rawBytes, unescapeKey, untag } from './json-tags.js';

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
 * that returns; a key whose value is `undefined` is left out; a `bigint` becomes `{"$int": "…"}` and a `Uint8Array`
 * `{"$bytes": "…"}`.
 *
 * @throws UnserialisableValueError with the JSON pointer of the first thing that is not JSON (NaN, a function, a Map, a
 * class instance, a cycle, a key that could pollute a prototype, more than 64 levels).
 */
export function copyJson(value: unknown, what: string): JsonValue {
  return copy(value, { what, path: [], keyOf: asItIs });
}

/**
 * As {@link copyJson}, for values that come back by {@link decodeJson}: a key that looks like one of the tags (`$int`,
 * `$bytes`, `$file`) gets one more `$`, so that it is not taken for one.
 */
export function encodeJson(value: unknown, what: string): JsonValue {
  return copy(value, { what, path: [], keyOf: escapeKey });
}

/** As {@link encodeJson}, but many bytes are those of the value itself, not a copy of them. */
export function encodeLent(value: unknown, what: string): JsonValue {
  return copy(value, { what, path: [], keyOf: escapeKey, lendsBytes: true });
}

/**
 * The values that {@link encodeJson} wrote, as a deep copy: `{"$int": "…"}` is a `bigint` and `{"$bytes": "…"}` a
 * `Uint8Array` again.
 *
 * @throws UnserialisableValueError for a tag that holds something else, and for what {@link copyJson} refuses.
 */
export function decodeJson(value: unknown, what: string): unknown {
  return copy(value, { what, path: [], keyOf: unescapeKey, untag });
}

/** As {@link encodeJson}, and the value must be an object. */
export function encodeJsonObject(value: unknown, what: string): JsonObject {
  return objectOf(encodeJson(value, what), value, what);
}

/** As {@link copyJson}, and the value must be an object. */
export function copyJsonObject(value: unknown, what: string): JsonObject {
  return objectOf(copyJson(value, what), value, what);
}

function objectOf(json: JsonValue, value: unknown, what: string): JsonObject {
  if (isJsonObject(json) && typeof value !== 'bigint' && !(value instanceof Uint8Array)) return json;
  throw new UnserialisableValueError(what, '', `expected an object, found ${describe(value)}`);
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
  readonly keyOf: (key: string) => string;
  /** What a tag stands for; set where tags are taken back to values. */
  readonly untag?: typeof untag;
  /** Whether the copy is gone before anybody can change the bytes of the value. */
  readonly lendsBytes?: true;
}

const asItIs = (key: string): string => key;
const asTheyAre = (bytes: Uint8Array): Uint8Array => bytes;

function copy(value: unknown, walk: Walk): JsonValue {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (typeof value === 'bigint' || value instanceof Uint8Array) return copyWordless(value, walk);
  if (typeof value !== 'object') throw refuse(walk, describe(value));
  return copyContainer(value, walk);
}

function copyContainer(value: object, walk: Walk): JsonValue {
  if (walk.path.length >= MAX_JSON_DEPTH) throw refuse(walk, `more than ${MAX_JSON_DEPTH} levels (or a cycle)`);
  if (hasToJson(value)) return copyConverted(value, walk);
  if (Array.isArray(value)) return copyArray(value, walk);
  if (!isPlain(value)) throw refuse(walk, describe(value));
  return copyObject(value, walk);
}

function copyWordless(value: bigint | Uint8Array, walk: Walk): JsonValue {
  if (walk.untag) return keep(typeof value === 'bigint' ? value : new Uint8Array(value));
  if (typeof value !== 'bigint') return bytesTag(value, walk.lendsBytes === true ? asTheyAre : undefined);
  const tag = integerTag(value);
  if (tag === undefined) throw refuse(walk, 'an integer of more than 4300 digits');
  return tag;
}

/** What is no JSON, but stays what it is among decoded values. */
function keep(value: bigint | Uint8Array): JsonValue {
  return value as unknown as JsonValue;
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

function copyObject(value: object, walk: Walk): JsonValue {
  const raw = rawBytes(value);
  if (raw !== undefined) return copyWordless(raw, walk);
  const copied: JsonObject = {};
  const entries = Object.entries(value);
  const tagged = entries.length === 1 ? walk.untag?.(entries[0]) : undefined;
  if (tagged !== undefined) return copyTagged(tagged, walk);
  for (const [key, item] of entries) {
    if (item === undefined) continue;
    walk.path.push(key);
    if (isForbiddenKey(key)) throw refuse(walk, `the forbidden key '${key}'`);
    copied[walk.keyOf(key)] = copy(item, walk);
    walk.path.pop();
  }
  return copied;
}

function copyTagged(tagged: Exclude<ReturnType<typeof untag>, undefined>, walk: Walk): JsonValue {
  if (tagged.problem !== undefined) throw refuse(walk, tagged.problem);
  return keep(tagged.value);
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
