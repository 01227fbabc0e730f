import { expect, it } from 'vitest';
import { CommandLine } from './command-line.js';

/** Asks the backend that it is lent for its first storage. */
const ACTION = `import { BaseAction } from '@synapse-steps/core';

export class Ask extends BaseAction {
  async execute() {
    const { client } = this.runtimeContext;
    return client ? { storage: (await client.storages.get(1)).provider } : { storage: 'no client' };
  }
}
`;

it('lends the embedded backend to an action, over a folder of its own, and ends it with the run', async () => {
  await using commandLine = await askingCommandLine();
  const args = ['run', 'ask.ts#Ask', '--backend', 'local', '--backend-dir', 'data'];
  const { code, stdout, stderr } = await commandLine.run(args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('result: {"storage":"file_system"}');
  expect(await commandLine.files()).toEqual(['ask.ts', 'data']);
  expect((await commandLine.run(args)).code).toBe(0); // the folder was given free
  expect(await commandLine.leftProcesses()).toEqual([]);
});

it('lends the backend of the environment, also one without accounts', async () => {
  await using commandLine = await askingCommandLine();
  const backend = commandLine.start(['backend', '--port', '0']);
  await backend.prints(/Ctrl-C ends it\.\n/);
  const [, url = ''] = /answers at (http:\/\/127\.0\.0\.1:\d+), over /.exec(backend.stdout) ?? [];
  const { code, stdout } = await commandLine.run(['run', 'ask.ts#Ask'], { env: { ...NOTHING, SYNAPSE_HOST: url } });
  expect(code).toBe(0);
  expect(stdout).toContain('result: {"storage":"file_system"}');
  backend.signal('SIGINT');
  await backend.finished;
});

it('lends none where none is configured, and refuses any but the embedded one by name', async () => {
  await using commandLine = await askingCommandLine();
  const without = await commandLine.run(['run', 'ask.ts#Ask'], { env: { ...NOTHING, HOME: commandLine.folder } });
  expect(without).toMatchObject({ code: 0, stderr: '' });
  expect(without.stdout).toContain('result: {"storage":"no client"}');

  const remote = await commandLine.run(['run', 'ask.ts#Ask', '--backend', 'https://api.example.com']);
  expect(remote).toMatchObject({ code: 2, stdout: '' });
  expect(remote.stderr).toMatch(/^--backend 'https:\/\/api\.example\.com' is not possible\. .* set SYNAPSE_HOST/);
  const folder = await commandLine.run(['run', 'ask.ts#Ask', '--backend-dir', 'data']);
  expect([folder.code, folder.stderr]).toEqual([
    2,
    '--backend-dir is for --backend local. Add that, or leave it out.\n',
  ]);
});

it('says why a backend that is configured cannot be used, and runs what needs none', async () => {
  await using commandLine = await askingCommandLine();
  const env = { ...NOTHING, SYNAPSE_HOST: 'no address', HOME: commandLine.folder };
  const { code, stdout, stderr } = await commandLine.run(['run', 'ask.ts#Ask'], { env });
  expect(code).toBe(0);
  expect(stdout + stderr).toContain('No backend can be used: ');
  expect(stdout).toContain('result: {"storage":"no client"}');
});

const NOTHING = { SYNAPSE_HOST: '', SYNAPSE_ACCESS_TOKEN: '', SYNAPSE_PLUGIN_RUN_USER_TOKEN: '' };

async function askingCommandLine(): Promise<CommandLine> {
  const commandLine = await CommandLine.open();
  await commandLine.write('ask.ts', ACTION);
  return commandLine;
}
