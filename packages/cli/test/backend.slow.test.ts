import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { CommandLine } from './command-line.js';

const SEED = `data_collections:
  - name: Digits
    file_specifications: [{ name: image, is_required: true }]
projects:
  - { name: By hand, data_collection: Digits }
`;

it('serves until Ctrl-C, over a folder that it makes, and ends cleanly', async () => {
  await using commandLine = await CommandLine.open();
  const backend = commandLine.start(['backend', '--port', '0']);
  await backend.prints(/Ctrl-C ends it\.\n/);
  const [, url = ''] = /answers at (http:\/\/127\.0\.0\.1:\d+), over /.exec(backend.stdout) ?? [];
  expect(backend.stdout).toContain(`export SYNAPSE_HOST=${url}`);
  expect(await statusOf(`${url}/storages/1/`)).toBe(200);

  const second = await commandLine.run(['backend', '--port', '0']);
  expect([second.code, second.stdout]).toEqual([2, '']);
  expect(second.stderr).toMatch(
    /\.synapse-steps\/backend is in use by another embedded backend \(process \d+, at http/,
  );
  expect(second.stderr).not.toContain('    at ');

  backend.signal('SIGINT');
  const { code, stdout, stderr } = await backend.finished;
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/The embedded backend has ended\.\n$/);
  expect(await commandLine.leftProcesses()).toEqual([]);
});

it('lets nobody in without the token of the environment, and prints one JSON object', async () => {
  await using commandLine = await CommandLine.open();
  const args = ['backend', '--dir', 'data', '--port', '0', '--with-token', '--json'];
  const missing = await commandLine.run(args, { env: { SYNAPSE_ACCESS_TOKEN: '' } });
  expect(missing).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining('set SYNAPSE_ACCESS_TOKEN') as string,
  });
  const backend = commandLine.start(args, { env: { SYNAPSE_ACCESS_TOKEN: 'secret-word' } });
  await backend.prints(/\n/);
  const said = JSON.parse(backend.stdout) as Record<string, unknown>;
  const dir = join(await realpath(commandLine.folder), 'data');
  expect(said).toEqual({
    url: expect.any(String) as string,
    dir,
    pid: expect.any(Number) as number,
    accounts: 'token',
  });
  expect(await statusOf(`${String(said['url'])}/storages/`)).toBe(401);
  expect(await statusOf(`${String(said['url'])}/storages/`, 'secret-word')).toBe(200);
  backend.signal('SIGTERM');
  const { code, stdout, stderr } = await backend.finished;
  expect([code, stderr, stdout.split('\n').length]).toEqual([0, '', 2]);
  expect(stdout).not.toContain('secret-word');
});

it('makes what a seed file names, and says where one is wrong', async () => {
  await using commandLine = await CommandLine.open();
  await commandLine.write('seed.yaml', SEED);
  const made = await commandLine.run(['backend', 'seed', 'seed.yaml', '--dir', 'data']);
  expect(made).toEqual({
    code: 0,
    stdout: 'made  data_collections 1  Digits\nmade  projects 1  By hand\n',
    stderr: '',
  });
  const kept = await commandLine.run(['backend', '--dir', 'data', '--json', 'seed', 'seed.yaml']);
  expect(JSON.parse(kept.stdout)).toMatchObject({
    seeded: [
      { id: 1, created: false },
      { id: 1, created: false },
    ],
  });
  await commandLine.write('wrong.yaml', SEED.replace('data_collection: Digits', 'data_colection: Digits'));
  const wrong = await commandLine.run(['backend', 'seed', 'wrong.yaml', '--dir', 'data']);
  expect([wrong.code, wrong.stdout]).toEqual([2, '']);
  expect(wrong.stderr).toMatch(/wrong\.yaml:5:\d+: projects\.0\.data_colection: there is no such key here\n$/);
  const port = await commandLine.run(['backend', '--port', '70000']);
  expect([port.code, port.stderr]).toEqual([
    2,
    "--port must be a number from 0 to 65535, such as 8520, not '70000'.\n",
  ]);
});

async function statusOf(url: string, token?: string): Promise<number> {
  const headers = token === undefined ? {} : { 'Synapse-Access-Token': `Token ${token}` };
  const response = await fetch(url, { headers });
  await response.arrayBuffer();
  return response.status;
}
