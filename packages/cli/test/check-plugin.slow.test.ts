import { expect, it } from 'vitest';
import { CommandLine, projects } from './command-line.js';

const plugins = `${projects}../plugins/`;

it('exits with 0 for a plugin that keeps the protocol, and says what was tried', async () => {
  await using commandLine = await CommandLine.open();
  const plugin = ['--', 'bash', `${plugins}bash/plugin.sh`];
  const options = ['--context', '{"value": 21}', '--patience', '3'];
  const { code, stdout, stderr } = await commandLine.run(['check', 'plugin', ...options, ...plugin]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^✓ handshake +initialize and describe are answered/);
  expect(stdout).toMatch(/- not offered by this plugin: .*\bping\b/);
  expect(stdout).toMatch(/Advice that it does not follow, which is no failure:\n {4}FR-7: /);
  expect(stdout).toMatch(/clauses of version 1 that bind plugins: \d+\n {2}kept +\d+ {2}FR-1 /);
  expect(stdout).toMatch(/keeps the step protocol: \d+ scenarios passed\.\n$/);
  expect(await commandLine.leftProcesses()).toEqual([]);
});

it('exits with 1 for one that breaks it, as JSON too', async () => {
  await using commandLine = await CommandLine.open();
  const plugin = ['--', process.execPath, `${plugins}not-a-plugin.sh`];
  const text = await commandLine.run(['check', 'plugin', ...plugin]);
  expect(text).toMatchObject({ code: 1, stderr: '' });
  expect(text.stdout).toMatch(/✗ handshake /);
  const { code, stdout } = await commandLine.run(['check', 'plugin', '--json', ...plugin]);
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    protocolVersion: 1,
    passed: false,
    scenarios: expect.arrayContaining([expect.objectContaining({ name: 'handshake', status: 'failed' })]) as unknown,
  });
});

it.each([
  [['check', 'plugin', '--transcript', 'missing.ndjson', '--', 'true'], /--transcript: .*ENOENT/],
  [['check', 'plugin', '--transcript', '/dev/null', '--', 'true'], /nothing is said in \/dev\/null/],
  [['check', 'plugin'], /Say which plugin: -- and its command/],
  [['check', 'plugin', '--'], /Say which plugin/],
  [['check', 'plugin', '--context', '[1]', '--', 'true'], /--context must be a JSON object/],
  [['check', 'plugin', '--context', '{', '--', 'true'], /--context is no JSON/],
  [['check', 'plugin', '--patience', '0', '--', 'true'], /--patience must be a number above 0/],
  [['check', 'plugin', '--', 'no-such-program-at-all'], /no-such-program-at-all/],
])('exits with 2 for wrong use: %j', async (args, message) => {
  await using commandLine = await CommandLine.open();
  const { code, stdout, stderr } = await commandLine.run(args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/fault of synapse-steps/);
});
