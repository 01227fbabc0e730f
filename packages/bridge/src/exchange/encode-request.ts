import { type JsonValue, lendJson } from '@synapse-steps/core';
import { type PackOptions, packValues } from './pack-values.js';

/**
 * The params of a request as they travel: the user's values in their JSON form, and what is large of it in files, if the
 * plugin takes such. The context is in its JSON form already. To be written down at once: what is JSON as it is stays itself.
 *
 * @throws UnserialisableValueError, ExchangeWriteError
 */
export function encodeRequest(
  params: Record<string, unknown>,
  packing: PackOptions | undefined,
): Record<string, unknown> {
  const encoded = { ...params };
  for (const name of ['params', 'step_params', 'undo']) {
    if (encoded[name] !== undefined) encoded[name] = lendJson(encoded[name], `'${name}'`);
  }
  const { result } = params;
  if (typeof result === 'object' && result !== null && 'data' in result) {
    encoded['result'] = { ...result, data: jsonOrNothing(result.data) };
  }
  return packing === undefined ? encoded : packValues(encoded, packing);
}

/** What a step left in its data is for information: an undo goes by its undo data, and must not fail for the want of the other. */
function jsonOrNothing(data: unknown): JsonValue {
  try {
    return lendJson(data, "The step's data");
  } catch {
    return null;
  }
}
