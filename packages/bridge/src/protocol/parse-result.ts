import type { JsonObject } from './frame.js';
import { REQUESTS, type RequestMethod } from './methods.js';

/**
 * What the plugin answered, by the schema of the method. The usual answer of a step (nothing raised, nothing changed) is
 * checked by hand, which costs a tenth; a test holds the two together.
 */
export function parseResult<TMethod extends RequestMethod>(
  method: TMethod,
  result: JsonObject,
): ReturnType<(typeof REQUESTS)[TMethod]['result']['safeParse']> {
  type Parsed = ReturnType<(typeof REQUESTS)[TMethod]['result']['safeParse']>;
  if (method === 'execute' && isPlainExecuteResult(result)) return { success: true, data: wholeOf(result) } as Parsed;
  return REQUESTS[method].result.safeParse(result) as Parsed;
}

function isPlainExecuteResult(result: JsonObject): boolean {
  const { success, skipped = false, skip_reason = null, error = null, cause = null } = result;
  const { data = null, undo = null, patch = NOTHING_CHANGED } = result;
  return (
    typeof success === 'boolean' &&
    typeof skipped === 'boolean' &&
    isTextOrNull(skip_reason) &&
    isTextOrNull(error) &&
    cause === null &&
    isObjectOrNull(data) &&
    isObjectOrNull(undo) &&
    Array.isArray(patch) &&
    patch.length === 0
  );
}

/** With what was left out of it, where something was. */
function wholeOf(result: JsonObject): JsonObject {
  const { skipped, skip_reason, error, cause, data, undo, patch } = result;
  const parts = [skipped, skip_reason, error, cause, data, undo, patch];
  return parts.includes(undefined) ? { ...DEFAULTS, patch: [], ...result } : result;
}

const NOTHING_CHANGED: readonly unknown[] = [];
const DEFAULTS = { skipped: false, skip_reason: null, error: null, cause: null, data: null, undo: null };

function isTextOrNull(value: unknown): boolean {
  return value === null || typeof value === 'string';
}

function isObjectOrNull(value: unknown): boolean {
  return typeof value === 'object' && !Array.isArray(value);
}
