import type { JsonObject } from '@synapse-steps/core';
import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { checkByPluginSchema } from '../params/plugin-schema.js';
import { workflowJsonSchema } from './workflow-json-schema.js';

const published = new URL('../../schema/workflow.schema.json', import.meta.url);

it('is published as it is made; write it anew with UPDATE_SCHEMA=1', async () => {
  const text = `${JSON.stringify(workflowJsonSchema(), null, 2)}\n`;
  if (process.env['UPDATE_SCHEMA'] === '1') {
    const { writeFile } = await import('node:fs/promises');
    await writeFile(published, text);
  }
  expect(await readFile(published, 'utf8')).toBe(text);
});

it('accepts and refuses what the reader of workflow files does', async () => {
  const schema = workflowJsonSchema() as JsonObject;
  const steps = [{ uses: './a.ts' }];
  const isFine = async (file: JsonObject): Promise<boolean> => (await checkByPluginSchema(schema, file)).length === 0;
  expect(await isFine({ name: 'x', params: { a: [1] }, plugins: { t: { python: 'a.py' } }, steps })).toBe(true);
  expect(await isFine({ steps: [] })).toBe(false);
  expect(await isFine({ steps, nmae: 'x' })).toBe(false);
  expect(await isFine({ steps: [{ uses: './a.ts', weight: -1 }] })).toBe(false);
  expect(await isFine({ steps, plugins: { t: { python: 'a.py', command: ['b'] } } })).toBe(false);
});
