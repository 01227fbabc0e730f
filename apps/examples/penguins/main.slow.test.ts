import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from './test/run-steps.js';

// The main job as `npm start` runs it, with the built command.

const root = fileURLToPath(new URL('../../../', import.meta.url));

async function npmStart(...args: readonly string[]) {
  return await new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const command = ['--import', 'tsx', 'apps/examples/penguins/main.ts', ...args];
    const child = execFile(process.execPath, command, { cwd: root, timeout: 90_000 }, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout: stripVTControlCharacters(stdout), stderr }),
    );
  });
}

/** What the demonstration says itself, without the lines of the command, which tell times. */
function resultOf(stdout: string): string {
  return /Accuracy on penguins[^]*?what the model says\)/.exec(stdout)?.[0] ?? `no result in:\n${stdout}`;
}

describe('the main job', () => {
  it('trains in Python, shows the result and each step’s time, fails on purpose and proves that all was undone', async () => {
    await using folder = await temporaryFolder();
    const { code, stdout, stderr } = await npmStart('--output', folder.path);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/Accuracy on penguins that it was not trained on: 97\.0%/);
    expect(stdout).toMatch(/Chinstrap +2 +12 +0\n/);
    for (const step of ['load', 'validate', 'split', 'train', 'evaluate', 'register']) {
      expect(stdout).toMatch(new RegExp(`^ +${step} +done +[\\d.]+ m?s$`, 'm'));
    }
    for (const step of ['publish', 'register', 'train']) expect(stdout).toMatch(new RegExp(`^ +${step} +undone$`, 'm'));
    expect(stdout).toMatch(
      /The folder of models is exactly as it was: 3 files, SHA-256 [\da-f]{16}… before and after\n$/,
    );
    expect(await readdir(folder.path)).toHaveLength(2); // the model of the first run, and its weights
  });

  it('comes to the same result with every step in TypeScript', async () => {
    await using python = await temporaryFolder();
    await using typescript = await temporaryFolder();
    const [first, second] = [
      await npmStart('--output', python.path),
      await npmStart('--typescript', '--output', typescript.path),
    ];
    expect([first.code, second.code]).toEqual([0, 0]);
    expect(second.stdout).toContain('synapse-steps run workflow-typescript.yaml');
    expect(resultOf(second.stdout)).toBe(resultOf(first.stdout));
  });

  it('says what is wrong when there is no folder to write models to, and exits with 1', async () => {
    await using folder = await temporaryFolder();
    const { code, stdout, stderr } = await npmStart('--output', `${folder.path}/absent`);
    expect(code).toBe(1);
    expect(stdout).toContain(`There is no folder ${folder.path}/absent to write models to. Make it first.`);
    expect(stderr).toContain('This is not as it must be. The run should have succeeded');
  });

  it('refuses an option that it does not know, before anything runs', async () => {
    const { code, stdout, stderr } = await npmStart('--typscript');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/Unknown option '--typscript'/);
  });
});
