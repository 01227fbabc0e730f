import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { CommandLine } from './command-line.js';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

it('says its version', async () => {
  await using commandLine = await CommandLine.open();
  expect(await commandLine.run(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
});

it('shows help with examples and exit codes on stdout', async () => {
  await using commandLine = await CommandLine.open();
  const program = await commandLine.run(['--help']);
  expect(program).toMatchObject({ code: 0, stderr: '' });
  expect(program.stdout).toMatch(/Examples:\n {2}synapse-steps describe workflow\.yaml\n[^]*Exit codes: 0 succeeded/);
  const run = await commandLine.run(['run', '--help']);
  expect(run.stdout).toMatch(/--param <name=value>[^]*Examples:[^]*Ctrl-C cancels the run/);
});

it('shows help on stderr and exits with 2 when nothing is asked of it', async () => {
  await using commandLine = await CommandLine.open();
  const { code, stdout, stderr } = await commandLine.run([]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^Usage: synapse-steps /);
});

it('says the same about exit code 3 in the help and in the README, which lists every command', async () => {
  await using commandLine = await CommandLine.open();
  const { stdout } = await commandLine.run(['--help']);
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  expect(stdout).toContain('3 something could not be undone, or was kept,');
  expect(readme).toMatch(/\| 3 \| something could not be undone, or was kept[;|]/);
  const commands = [...stdout.matchAll(/^ {2}(run|describe|check|backend|convert|datasets|environments)\b/gm)].map(
    ([, name = '']) => name,
  );
  expect(commands).toEqual(['run', 'describe', 'check', 'backend', 'convert', 'datasets', 'environments']);
  for (const name of commands) expect(readme).toMatch(new RegExp(`\\| \`synapse-steps ${name}[ \`]`));
});
