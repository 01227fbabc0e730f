import { copyJson } from '../json/json-value.js';
import type { RunEvent } from './run-event.js';

/**
 * An event as JSON. What of a step's data, metrics or log entries is not JSON is replaced by a tagged placeholder
 * `{"$unserialisable": "…"}`, because a reader must not break a run.
 */
export function toJsonEvent(event: RunEvent): RunEvent {
  return replace(event) as RunEvent;
}

function replace(value: unknown): unknown {
  try {
    return copyJson(value, 'The value');
  } catch {
    return replaceInside(value); // one part of it is no JSON: the others are still shown
  }
}

function replaceInside(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(replace);
  if (isPlainRecord(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replace(item)]));
  }
  return { $unserialisable: nameOf(value) };
}

function isPlainRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function nameOf(value: unknown): string {
  if (typeof value === 'object' && value !== null) return value.constructor?.name ?? 'object';
  return typeof value === 'number' ? String(value) : typeof value;
}
