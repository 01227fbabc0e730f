import type { Json } from './vector-file.js';

/** The one key of an action and its value. */
export function onlyItem(action: Readonly<Record<string, Json>>): [verb: string, value: Json] {
  const [item] = Object.entries(action);
  if (item === undefined) throw new Error('An action has one key, and this one has none.');
  return item;
}

export function asObject(value: Json | undefined): Record<string, Json> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new Error(`Expected a mapping, found ${JSON.stringify(value)}.`);
}

export function asList(value: Json | undefined): Json[] {
  if (Array.isArray(value)) return value;
  throw new Error(`Expected a list, found ${JSON.stringify(value)}.`);
}

export function asText(value: Json | undefined): string {
  if (typeof value === 'string') return value;
  throw new Error(`Expected a text, found ${JSON.stringify(value)}.`);
}

export function asNumber(value: Json | undefined): number {
  if (typeof value === 'number') return value;
  throw new Error(`Expected a number, found ${JSON.stringify(value)}.`);
}

/** Arguments by position or by name, as one mapping. Unknown names are errors. */
export function namedArguments(value: Json, names: readonly string[]): Record<string, Json> {
  if (!Array.isArray(value)) {
    const unknown = Object.keys(asObject(value)).find((key) => !names.includes(key));
    if (unknown !== undefined) throw new UnknownArgumentError(unknown);
    return asObject(value);
  }
  if (value.length > names.length) throw new UnknownArgumentError(`#${names.length + 1}`);
  return Object.fromEntries(value.map((item, index) => [names[index] ?? '', item]));
}

/** An argument that a method does not have. */
export class UnknownArgumentError extends Error {
  constructor(argument: string) {
    super(`There is no argument '${argument}'.`);
    this.name = 'TypeError';
  }
}
