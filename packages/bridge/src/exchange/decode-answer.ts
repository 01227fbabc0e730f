import { decodeJson } from '@synapse-steps/core';
import { BadFileError } from './exchange-error.js';
import { takeValues, type TakeOptions } from './take-values.js';

/**
 * What the other side said, with the values that its tags and files stand for: data, undo data and metrics become values
 * again. A patch and a context stay in their JSON form, which is what a context takes; only their files are read.
 *
 * @throws BadFileError, UnserialisableValueError; each says where.
 */
export function decodeAnswer(said: Record<string, unknown>, options: TakeOptions): Record<string, unknown> {
  const decoded: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(said)) decoded[name] = decodePart(name, value, options);
  return decoded;
}

function decodePart(name: string, value: unknown, options: TakeOptions): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (!VALUES.has(name) && !JSON_FORMS.has(name)) return value;
  const taken = takeOrSay(name, value, options);
  return VALUES.has(name) ? decodeJson(taken, `'${name}'`) : taken;
}

const VALUES: ReadonlySet<string> = new Set(['data', 'undo', 'metrics', 'params', 'step_params']);
const JSON_FORMS: ReadonlySet<string> = new Set(['patch', 'context']);

function takeOrSay(name: string, value: unknown, options: TakeOptions): unknown {
  try {
    return takeValues(value, options);
  } catch (error) {
    throw error instanceof BadFileError ? error.at(`/${name}`) : error;
  }
}
