import { isPlainJson } from './is-plain-json.js';
import { encodeLent, type JsonValue } from './json-value.js';

/**
 * As `encodeJson`, for whoever writes it down at once and then lets go of it: what is written as it is anyway is the value
 * itself, and many bytes are not copied either.
 *
 * @throws UnserialisableValueError
 */
export function lendJson(value: unknown, what: string): JsonValue {
  return isPlainJson(value) ? (value as JsonValue) : encodeLent(value, what);
}
