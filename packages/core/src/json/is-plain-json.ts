import { isForbiddenKey, MAX_JSON_DEPTH } from './json-value.js';

/**
 * Whether `JSON.stringify` writes a value as it is: no `toJSON`, nothing that it leaves out or replaces, and no key that
 * has to be written as another one. Several times faster than making a copy to see.
 */
export function isPlainJson(value: unknown, depth = MAX_JSON_DEPTH): boolean {
  if (typeof value !== 'object') {
    return (
      typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))
    );
  }
  if (value === null) return true;
  if (depth === 0) return false;
  return Array.isArray(value) ? isPlainList(value, depth) : isPlainObject(value, depth);
}

function isPlainList(values: readonly unknown[], depth: number): boolean {
  if ('toJSON' in values) return false;
  for (let index = 0; index < values.length; index += 1) if (!isPlainJson(values[index], depth - 1)) return false;
  return true;
}

function isPlainObject(value: object, depth: number): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  for (const key in value) {
    if (key.startsWith('$') || key === 'toJSON' || isForbiddenKey(key)) return false;
    if (!isPlainJson((value as Record<string, unknown>)[key], depth - 1)) return false;
  }
  return true;
}
