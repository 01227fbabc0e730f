import type { JsonObject } from '@synapse-steps/core';
import { readFile, writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { checkByPluginSchema } from '../params/plugin-schema.js';
import { workflowJsonSchema } from './workflow-json-schema.js';

const published = new URL('../../schema/workflow.schema.json', import.meta.url);

it('is published as it is made; UPDATE_SCHEMA=1 writes it anew', async () => {
  const made = workflowJsonSchema();
  if (process.env['UPDATE_SCHEMA'] === '1') await writeFile(published, `${JSON.stringify(made, null, 2)}\n`);
  expect(JSON.parse(await readFile(published, 'utf8'))).toEqual(made);
});

it('accepts and refuses what the reader of workflow files does', async () => {
  const schema = workflowJsonSchema() as JsonObject;
  const steps = [{ uses: './a.ts' }];
  const isFine = async (file: JsonObject): Promise<boolean> => (await checkByPluginSchema(schema, file)).length === 0;
  expect(await isFine({ name: 'x', params: { a: [1] }, plugins: { t: { python: 'a.py' } }, steps })).toBe(true);
  expect(await isFine({ steps: [] })).toBe(false);
  expect(await isFine({ steps, nmae: 'x' })).toBe(false);
  expect(await isFine({ steps: [{ uses: './a.ts', weight: -1 }] })).toBe(false);
  const isFinePlugin = async (plugin: JsonObject): Promise<boolean> => await isFine({ steps, plugins: { t: plugin } });
  expect(await isFinePlugin({ python: 'a.py', command: ['b'] })).toBe(false);
  expect(await isFinePlugin({ python: 'a.py', requirements: 'r.txt', interpreter: 'python3.12' })).toBe(true);
  expect(await isFinePlugin({ python: 'a.py', environment: '.venv', requiresPython: '>=3.10' })).toBe(true);
  expect(await isFinePlugin({ python: 'a.py', environment: '.venv', requirements: 'r.txt' })).toBe(false);
  expect(await isFinePlugin({ command: ['b'], requirements: 'r.txt' })).toBe(false);
});
