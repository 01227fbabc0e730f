import { expect, it } from 'vitest';
import { captureCommand } from './run-command.mjs';

const node = process.execPath;

it('keeps the output and the exit code', async () => {
  const result = await captureCommand(node, ['-e', 'console.log("out"); console.error("err"); process.exitCode = 3']);
  expect(result).toMatchObject({ code: 3, timedOut: false });
  expect(result.output).toContain('out\n');
  expect(result.output).toContain('err\n');
});

it('adds to the environment and hands arguments over untouched by any shell', async () => {
  const { output } = await captureCommand(node, ['-e', 'console.log(process.env.WORD, process.argv[1])', '$WORD; ls'], {
    env: { WORD: 'here' },
  });
  expect(output).toBe('here $WORD; ls\n');
});

it('ends a program that takes too long, and says so', async () => {
  const result = await captureCommand(node, ['-e', 'setInterval(() => {}, 1000)'], { timeoutMs: 300 });
  expect(result).toMatchObject({ code: 137, timedOut: true });
  expect(result.output).toContain('did not end in time');
});

it('rejects when there is no such program', async () => {
  await expect(captureCommand('no-such-program-anywhere', [])).rejects.toMatchObject({ code: 'ENOENT' });
});
