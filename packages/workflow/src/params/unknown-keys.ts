import type { JsonObject } from '@synapse-steps/core';

/**
 * The keys of `value` that a JSON schema of an object does not name. A schema that says nothing about further keys would
 * let them pass, but in what a person wrote each is most likely a slip of the pen. None where the schema takes further
 * keys on purpose, or names them in ways that cannot be listed.
 */
export function unknownKeys(schema: JsonObject, value: JsonObject): string[] {
  const known = knownKeys(schema);
  return known === undefined ? [] : Object.keys(value).filter((key) => !known.includes(key));
}

/** The keys that a JSON schema of an object names; undefined where there may be others. */
export function knownKeys(schema: JsonObject): string[] | undefined {
  const { properties, additionalProperties = false } = schema;
  if (typeof properties !== 'object' || properties === null || additionalProperties !== false) return undefined;
  return OTHER_WAYS.some((keyword) => keyword in schema) ? undefined : Object.keys(properties);
}

/** Keywords of JSON schema by which an object may get keys that `properties` does not name. */
const OTHER_WAYS = [
  'patternProperties',
  'unevaluatedProperties',
  'propertyNames',
  'allOf',
  'anyOf',
  'oneOf',
  'if',
  'then',
  'else',
  'dependentSchemas',
  'dependencies',
  '$ref',
  '$dynamicRef',
];
