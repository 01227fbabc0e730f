import { expect, it } from 'vitest';
import { unknownKeys } from './unknown-keys.js';

const properties = { rate: { type: 'number' } };

it.each([
  ['a schema that says nothing of others', { type: 'object', properties }, ['rat']],
  ['a closed schema', { type: 'object', properties, additionalProperties: false }, ['rat']],
  ['a schema that takes others', { type: 'object', properties, additionalProperties: true }, []],
  ['a schema of all values', { type: 'object', properties, additionalProperties: {} }, []],
  ['a schema without properties', { type: 'object' }, []],
  ['a schema that has them elsewhere', { properties, allOf: [{ $ref: '#/$defs/more' }] }, []],
])('%s', (_, schema, unknown) => {
  expect(unknownKeys(schema, { rate: 1, rat: 2 })).toEqual(unknown);
});
