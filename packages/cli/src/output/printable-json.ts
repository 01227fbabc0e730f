import { MAX_JSON_DEPTH } from '@synapse-steps/core';

/**
 * `value` as one line of JSON. In process a step's data may be anything; what JSON cannot express becomes a placeholder,
 * `{"$notJson":"a Map"}`, so that a reader sees that something was there.
 */
export function printableJson(value: unknown): string {
  return JSON.stringify(toJson(value, 0));
}

function toJson(value: unknown, depth: number): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : placeholder(String(value));
  if (value === undefined) return placeholder('undefined');
  if (typeof value === 'bigint') return placeholder(`the bigint ${value}`);
  if (typeof value !== 'object') return placeholder(`a ${typeof value}`);
  if (depth > MAX_JSON_DEPTH) return placeholder(`more than ${MAX_JSON_DEPTH} levels (or a cycle)`);
  return Array.isArray(value) ? value.map((item) => toJson(item, depth + 1)) : objectToJson(value, depth);
}

function objectToJson(value: object, depth: number): unknown {
  if ('toJSON' in value && typeof value.toJSON === 'function') return convert(value as { toJSON(): unknown }, depth);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return placeholder(`a ${className(value)}`);
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries.map(([key, item]) => [key, toJson(item, depth + 1)]));
}

function convert(value: { toJSON(): unknown }, depth: number): unknown {
  try {
    return toJson(value.toJSON(), depth + 1);
  } catch (error) {
    return placeholder(`a ${className(value)} that cannot be written: ${String(error)}`);
  }
}

function className(value: object): string {
  return value.constructor?.name || 'nameless object';
}

function placeholder(what: string): { readonly $notJson: string } {
  return { $notJson: what };
}
