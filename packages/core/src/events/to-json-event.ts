import { escapeKey } from '../json/json-tags.js';
import { copyJson, encodeJson, MAX_JSON_DEPTH } from '../json/json-value.js';
import type { RunEvent } from './run-event.js';

/**
 * An event as JSON. What of a step's data, metrics or log entries is not JSON is replaced by a tagged placeholder
 * `{"$unserialisable": "…"}`, because a reader must not break a run. Large integers and bytes become `{"$int": "…"}` and
 * `{"$bytes": "…"}`; in the data of a step, which is read back, a key that looks like one of these gets one more `$`.
 * Never throws.
 */
export function toJsonEvent(event: RunEvent): RunEvent {
  switch (event.type) {
    case 'step-end':
      return withData(event);
    case 'run-end':
      return withData(event, { report: { ...event.report, steps: event.report.steps.map((step) => withData(step)) } });
    default:
      return replace(event, AS_IT_IS) as RunEvent;
  }
}

/** An event or a report of a step, whose data are written so that they can be read back. */
function withData<T extends object & { readonly data?: unknown }>(said: T, changes: Partial<T> = {}): T {
  const { data, ...rest } = said;
  const written = data === undefined ? {} : { data: replace(data, READ_BACK) };
  return { ...(replace({ ...rest, ...changes }, AS_IT_IS) as T), ...written };
}

interface Writing {
  readonly copy: (value: unknown, what: string) => unknown;
  readonly keyOf: (key: string) => string;
  /** The objects that the value is inside of. */
  readonly around: readonly unknown[];
}

const AS_IT_IS: Writing = { copy: copyJson, keyOf: (key) => key, around: [] };
const READ_BACK: Writing = { copy: encodeJson, keyOf: escapeKey, around: [] };

function replace(value: unknown, writing: Writing): unknown {
  try {
    return writing.copy(value, 'The value');
  } catch {
    return replaceInside(value, writing); // one part of it is no JSON: the others are still shown
  }
}

function replaceInside(value: unknown, writing: Writing): unknown {
  const { around, keyOf } = writing;
  if (around.includes(value)) return placeholder('a cycle');
  if (around.length >= MAX_JSON_DEPTH) return placeholder(`more than ${MAX_JSON_DEPTH} levels`);
  try {
    const within = { ...writing, around: [...around, value] };
    if (Array.isArray(value)) return value.map((item) => replace(item, within));
    if (!isPlainRecord(value)) return placeholder(nameOf(value));
    return Object.fromEntries(
      Object.keys(value).flatMap((key) => {
        const item = read(value, key);
        return item === undefined ? [] : [[keyOf(key), replace(item, within)]];
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
