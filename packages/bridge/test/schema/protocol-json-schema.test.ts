import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { goldenFile } from '../golden-frames.js';
import { protocolJsonSchema } from './protocol-json-schema.js';
import { schemaChanges } from './schema-changes.js';

const current = new URL('../../schemas/step-protocol-v1.schema.json', import.meta.url);
const releasedFolder = new URL('../../schemas/released/', import.meta.url);

/** What is released never changes again: each file with its SHA-256. */
const RELEASED = {
  'step-protocol-v1.schema.json': 'e8ed87045e8375744ed9e26c7ca9210c37d42588f45ba770a930974e73f4b5ba',
  'step-protocol-v1-deltas-and-files.schema.json': '67da4cbae41e13ab7e570cfaae96446f57d2c112e9b58b88df48d61ac9a71ddc',
};

const fromHost = goldenFile('frames/host-to-plugin.json');
const fromPlugin = goldenFile('frames/plugin-to-host.json');

it('is checked in as it is made; UPDATE_SCHEMA=1 writes it anew', async () => {
  const made = protocolJsonSchema();
  if (process.env['UPDATE_SCHEMA'] === '1') await writeFile(current, `${JSON.stringify(made, null, 2)}\n`);
  expect(await read(current)).toEqual(made);
});

it.each(Object.entries(RELEASED))(
  'is compatible with the released version 1, which never changes: %s',
  async (name, sum) => {
    const file = new URL(name, releasedFolder);
    expect(
      createHash('sha256')
        .update(await readFile(file))
        .digest('hex'),
    ).toBe(sum);
    expect(schemaChanges(await read(file), protocolJsonSchema())).toEqual([]);
  },
);

it('is compared with everything that is released', async () => {
  expect((await readdir(releasedFolder)).toSorted()).toEqual(Object.keys(RELEASED).toSorted());
});

describe('the JSON Schema', () => {
  const ajv = new Ajv2020({ strict: true, strictRequired: false, strictTypes: false });
  ajv.addSchema(protocolJsonSchema(), 'protocol');
  const fits = (definition: string, value: unknown): boolean =>
    ajv.validate({ $ref: `protocol#/$defs/${definition}` }, value);

  it.each(fromHost)('takes the host’s $title', ({ value }) => {
    expect(fits('HostMessage', value)).toBe(true);
  });

  it.each(fromPlugin)('takes the plugin’s $kind of $method: $title', ({ value, kind, method }) => {
    expect(fits('PluginMessage', value)).toBe(true);
    if (kind === 'result') expect(fits(resultOf(method ?? ''), (value as { result: unknown }).result)).toBe(true);
  });

  it.each([...fromHost, ...fromPlugin])('refuses the $kind of $method without its members: $title', (entry) => {
    const definition = fromHost.includes(entry) ? 'HostMessage' : 'PluginMessage';
    const frame = entry.value as Record<string, unknown>;
    const needed = ['jsonrpc', 'result', 'error'].filter((name) => name in frame);
    const without = needed.map((name) => Object.fromEntries(Object.entries(frame).filter(([key]) => key !== name)));
    expect(without.filter((rest) => fits(definition, rest))).toEqual([]);
  });

  it.each([
    ['HostMessage', { jsonrpc: '2.0', id: 0, method: 'ping' }],
    ['HostMessage', { jsonrpc: '2.0', id: 1, method: 'execute', params: {} }],
    ['HostMessage', { jsonrpc: '2.0', method: 'cancel', params: { id: 1 } }],
    ['PluginMessage', { jsonrpc: '2.0', id: '1', result: {} }],
    ['PluginMessage', { jsonrpc: '2.0', id: 1, result: {}, error: { code: 1, message: 'x' } }],
    ['PluginMessage', { jsonrpc: '2.0', id: 1, method: 'execute', params: {} }],
    ['PluginMessage', { jsonrpc: '2.0', method: 'undo', params: { id: 1, seq: 1, data: [] } }],
    ['ExecuteResult', { success: 'yes' }],
    ['ExecuteResult', { success: true, patch: [{ op: 'move', from: '/a', path: '/b' }] }],
    ['ExecuteResult', { success: true, patch: [{ op: 'remove', path: '/__proto__/a' }] }],
    ['RollbackResult', { outcome: 'perhaps' }],
    ['DescribeResult', { steps: [{ weight: 1 }] }],
  ])('refuses as %s: %j', (definition, value) => {
    expect(fits(definition, value)).toBe(false);
  });

  it('takes fields and notifications that this version does not know', () => {
    expect(fits('ExecuteResult', { success: true, later: 1 })).toBe(true);
    expect(fits('PluginMessage', { jsonrpc: '2.0', method: 'later', params: { any: 1 } })).toBe(true);
  });
});

function resultOf(method: string): string {
  return `${method.replaceAll(/(?:^|_)(\w)/g, (_match, letter: string) => letter.toUpperCase())}Result`;
}

async function read(file: URL): Promise<unknown> {
  return JSON.parse(await readFile(file, 'utf8'));
}
