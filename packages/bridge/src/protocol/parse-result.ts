import type { JsonObject } from './frame.js';
import { REQUESTS, type RequestMethod } from './methods.js';

/**
 * What the plugin answered, by the schema of the method. The usual answer of a step (nothing raised, nothing changed, nothing
 * said that only a newer version knows) is checked by hand, which costs a tenth; a test holds the two together.
 */
export function parseResult<TMethod extends RequestMethod>(
  method: TMethod,
  result: JsonObject,
): ReturnType<(typeof REQUESTS)[TMethod]['result']['safeParse']> {
  type Parsed = ReturnType<(typeof REQUESTS)[TMethod]['result']['safeParse']>;
  if (method === 'execute' && isKnown(result)) {
    const whole = wholeOf(result);
    if (isPlainExecuteResult(whole)) return { success: true, data: whole } as Parsed;
  }
  return REQUESTS[method].result.safeParse(result) as Parsed;
}

function isKnown(result: JsonObject): boolean {
  for (const key in result) if (!PARTS.has(key)) return false;
  return true;
}

const PARTS = new Set(['success', 'skipped', 'skip_reason', 'error', 'cause', 'data', 'undo', 'patch']);

function isPlainExecuteResult(result: JsonObject): boolean {
  const { success, skipped, skip_reason, error, cause, data, undo, patch } = result;
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
  const { success, skipped, skip_reason, error, cause, data, undo, patch } = result;
  const answer = skipped !== undefined && skip_reason !== undefined && error !== undefined && cause !== undefined;
  if (answer && data !== undefined && undo !== undefined && patch !== undefined) return result;
  return {
    success,
    skipped: skipped === undefined ? false : skipped,
    skip_reason: orNull(skip_reason),
    error: orNull(error),
    cause: orNull(cause),
    data: orNull(data),
    undo: orNull(undo),
    patch: patch === undefined ? [] : patch,
  };
}

function orNull(value: unknown): unknown {
  return value === undefined ? null : value;
}

function isTextOrNull(value: unknown): boolean {
  return value === null || typeof value === 'string';
}

function isObjectOrNull(value: unknown): boolean {
  return typeof value === 'object' && !Array.isArray(value);
}
