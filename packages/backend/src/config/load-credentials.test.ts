import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';

import { BackendClient } from '../backend-client.js';
import { loadCredentials } from './load-credentials.js';

it('takes each value from the environment, and what is not set there from the file', async () => {
  const configFile = await configWith(
    JSON.stringify({ host: 'https://file', access_token: 'f-token', tenant: 'f-tenant', other: 1 }),
  );
  expect(loadCredentials({ env: {}, configFile })).toEqual({
    host: 'https://file',
    token: 'f-token',
    tenant: 'f-tenant',
  });
  expect(loadCredentials({ env: { SYNAPSE_HOST: 'https://env', SYNAPSE_ACCESS_TOKEN: '' }, configFile })).toEqual({
    host: 'https://env',
    token: 'f-token',
    tenant: 'f-tenant',
  });
  const env = {
    SYNAPSE_ACCESS_TOKEN: 'e-token',
    SYNAPSE_PLUGIN_RUN_USER_TOKEN: 'e-user',
    SYNAPSE_PLUGIN_RUN_TENANT: 'e-tenant',
  };
  expect(loadCredentials({ env, configFile })).toEqual({
    host: 'https://file',
    token: 'e-token',
    userToken: 'e-user',
    tenant: 'e-tenant',
  });
});

it('does without the file', () => {
  expect(loadCredentials({ env: { SYNAPSE_ACCESS_TOKEN: 't' }, configFile: '/nowhere/config.json' })).toEqual({
    token: 't',
  });
});

it.each([
  ['{"access_token": "tell-nobody"', 'it is no JSON'],
  ['{"access_token": ["tell-nobody"]}', 'must be texts'],
])('says what is wrong with a file that is needed, without quoting it: %s', async (text, words) => {
  const configFile = await configWith(text);
  expect(() => loadCredentials({ env: {}, configFile })).toThrow(words);
  expect(() => loadCredentials({ env: {}, configFile })).toThrow(configFile);
  expect(() => loadCredentials({ env: {}, configFile })).not.toThrow('tell-nobody');
  const env = { SYNAPSE_HOST: 'https://h', SYNAPSE_ACCESS_TOKEN: 't' };
  expect(loadCredentials({ env, configFile })).toEqual({ host: 'https://h', token: 't' });
});

it('makes a client, and says what is missing when there is no token', () => {
  const configFile = '/nowhere/config.json';
  expect(() => BackendClient.fromEnvironment({ env: {}, configFile })).toThrow('Set SYNAPSE_ACCESS_TOKEN');
  expect(BackendClient.fromEnvironment({ env: { SYNAPSE_ACCESS_TOKEN: 'token' }, configFile })).toBeInstanceOf(
    BackendClient,
  );
});

async function configWith(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'backend-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'config.json'), text);
  return join(folder, 'config.json');
}
