import type { JsonObject } from './frame.js';
import { REQUESTS, type RequestMethod } from './methods.js';

/**
 * What the plugin answered, by the schema of the method. The usual answer of a step (each field there, nothing raised,
 * nothing changed) has nothing that the schema would add, and checking it by hand costs a tenth; a test holds the two together.
 */
export function parseResult<TMethod extends RequestMethod>(
  method: TMethod,
  result: JsonObject,
): ReturnType<(typeof REQUESTS)[TMethod]['result']['safeParse']> {
  type Parsed = ReturnType<(typeof REQUESTS)[TMethod]['result']['safeParse']>;
  if (method === 'execute' && isPlainExecuteResult(result)) return { success: true, data: result } as Parsed;
  return REQUESTS[method].result.safeParse(result) as Parsed;
}

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

function isTextOrNull(value: unknown): boolean {
  return value === null || typeof value === 'string';
}

function isObjectOrNull(value: unknown): boolean {
  return typeof value === 'object' && !Array.isArray(value);
}
