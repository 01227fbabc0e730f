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
  const encoded = inJsonForm(params);
  return packing === undefined ? encoded : packValues(encoded, packing);
}

/** Mostly all values are JSON as they are, and so are the params themselves. */
function inJsonForm(given: Record<string, unknown>): Record<string, unknown> {
  const params = lend(given['params'], "'params'");
  const stepParams = lend(given['step_params'], "'step_params'");
  const undo = lend(given['undo'], "'undo'");
  const result = withData(given['result']);
  const isSame = params === given['params'] && stepParams === given['step_params'] && undo === given['undo'];
  if (isSame && result === given['result']) return given;
  return {
    ...given,
    ...(params !== undefined && { params }),
    ...(stepParams !== undefined && { step_params: stepParams }),
    ...(undo !== undefined && { undo }),
    ...(result !== undefined && { result }),
  };
}

function lend(value: unknown, what: string): unknown {
  return value === undefined ? undefined : lendJson(value, what);
}

function withData(result: unknown): unknown {
  if (typeof result !== 'object' || result === null || !('data' in result)) return result;
  return { ...result, data: jsonOrNothing(result.data) };
}

/** What a step left in its data is for information: an undo goes by its undo data, and must not fail for the want of the other. */
function jsonOrNothing(data: unknown): JsonValue {
  try {
    return lendJson(data, "The step's data");
  } catch {
    return null;
  }
}
