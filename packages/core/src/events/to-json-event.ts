import { copyJson, MAX_JSON_DEPTH } from '../json/json-value.js';
import type { RunEvent } from './run-event.js';

/**
 * An event as JSON. What of a step's data, metrics or log entries is not JSON is replaced by a tagged placeholder
 * `{"$unserialisable": "…"}`, because a reader must not break a run. Never throws.
 */
export function toJsonEvent(event: RunEvent): RunEvent {
  return replace(event, []) as RunEvent;
}

/** `around` are the objects that the value is inside of. */
function replace(value: unknown, around: readonly unknown[]): unknown {
  try {
    return copyJson(value, 'The value');
  } catch {
    return replaceInside(value, around); // one part of it is no JSON: the others are still shown
  }
}

function replaceInside(value: unknown, around: readonly unknown[]): unknown {
  if (around.includes(value)) return placeholder('a cycle');
  if (around.length >= MAX_JSON_DEPTH) return placeholder(`more than ${MAX_JSON_DEPTH} levels`);
  try {
    const within = [...around, value];
    if (Array.isArray(value)) return value.map((item) => replace(item, within));
    if (!isPlainRecord(value)) return placeholder(nameOf(value));
    return Object.fromEntries(
      Object.keys(value).flatMap((key) => {
        const item = read(value, key);
        return item === undefined ? [] : [[key, replace(item, within)]];
      }),
    );
  } catch {
    return placeholder('unreadable'); // a proxy that refuses to be looked at
  }
}

function read(value: Record<string, unknown>, key: string): unknown {
  try {
    return value[key];
  } catch {
    return new Unreadable(); // a getter threw; its neighbours are still shown
  }
}

class Unreadable {}

function placeholder(what: string): { $unserialisable: string } {
  return { $unserialisable: what };
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
