import { expect, it } from 'vitest';
import { checkByPluginSchema } from './plugin-schema.js';

const schema = {
  type: 'object',
  properties: {
    rate: { type: 'number', exclusiveMinimum: 0 },
    mode: { enum: ['fast', 'exact'] },
    model: { $ref: '#/$defs/Model' },
  },
  required: ['rate'],
  additionalProperties: false,
  $defs: { Model: { type: 'object', properties: { 'a/b': { type: 'string' } } } },
};

it('finds nothing wrong with params that fit', async () => {
  expect(await checkByPluginSchema(schema, { rate: 0.1, mode: 'fast', model: { 'a/b': 'x' } })).toEqual([]);
});

it('says of each param that does not fit where it is and what it must be', async () => {
  expect(await checkByPluginSchema(schema, { rate: 0, mode: 'slow', model: { 'a/b': 1 } })).toEqual([
    { path: ['rate'], message: 'it must be > 0' },
    { path: ['mode'], message: 'it must be equal to one of the allowed values: "fast", "exact"' },
    { path: ['model', 'a/b'], message: 'it must be string' },
  ]);
});

it('names what is missing and what is too much', async () => {
  expect(await checkByPluginSchema(schema, { rat: 1 })).toEqual([
    { path: ['rate'], message: 'it is missing' },
    { path: ['rat'], message: 'the step does not know it' },
  ]);
});

it('understands conditions, keywords it does not know, and draft 7', async () => {
  const conditional = { if: { required: ['a'] }, then: { required: ['b'] }, 'x-widget': 'slider', format: 'path' };
  expect(await checkByPluginSchema(conditional, { a: 1 })).toEqual([
    { path: ['b'], message: 'it is missing' },
    expect.anything(),
  ]);
  const draft7 = { $schema: 'http://json-schema.org/draft-07/schema#', type: 'object', required: ['a'] };
  expect(await checkByPluginSchema(draft7, {})).toEqual([{ path: ['a'], message: 'it is missing' }]);
});

it('refuses a schema that is none', async () => {
  await expect(checkByPluginSchema({ type: 'nonsense' }, {})).rejects.toThrow(/cannot be used: schema is invalid/);
});
