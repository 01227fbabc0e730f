import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { errorMessage } from '@synapse-steps/core';
import { preparePythonEnvironment, PythonEnvironmentError } from '@synapse-steps/workflow';
import { expect, it, onTestFinished } from 'vitest';

const program = fileURLToPath(new URL('main.ts', import.meta.url));
const root = fileURLToPath(new URL('../../../', import.meta.url));
const requirements = fileURLToPath(new URL('trainers/scikit-learn/requirements.txt', import.meta.url));

const hasScikitLearn = await canInstall();

/** What it needs comes from a package registry: where there is none the training in Python is not tried, but on CI it must be. */
async function canInstall(): Promise<boolean> {
  try {
    await preparePythonEnvironment({ requirements, requiresPython: '>=3.10,<3.15' });
    return true;
  } catch (error) {
    const isMissing = error instanceof PythonEnvironmentError && process.env['CI'] === undefined;
    if (!isMissing) throw error;
    console.warn(`SKIPPED: the training with scikit-learn was not tried. ${errorMessage(error)}`);
    return false;
  }
}

async function runExample(...args: readonly string[]) {
  const temporary = await mkdtemp(join(tmpdir(), 'example-'));
  onTestFinished(() => rm(temporary, { recursive: true }));
  const command = ['--conditions=@synapse-steps/source', '--import', 'tsx', program, ...args];
  const env = { ...process.env, TMPDIR: temporary };
  const ended = await new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const child = execFile(process.execPath, command, { cwd: root, env, timeout: 240_000 }, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
  const left = (await readdir(temporary)).filter((name) => /^synapse-steps-(?!exchange-)/.test(name)); // that one is shared
  return { ...ended, left };
}

const learned = /^Accuracy on 355 digits that it has not seen: 9[5-9]\.\d %/m;

it.runIf(hasScikitLearn)(
  'learns digits of the backend with scikit-learn, shows each epoch, registers a model and, if asked, keeps a picture',
  { timeout: 300_000 },
  async () => {
    const { code, stdout, stderr, left } = await runExample('--keep');
    expect({ code, stderr, left }).toEqual({
      code: 0,
      stderr: '',
      left: [expect.stringMatching(/^synapse-steps-train-/)],
    });
    expect(stdout).toContain('Data set 1: 1442 pictures to learn from, 355 held out');
    expect(stdout).toMatch(/^ +epoch +1: loss \d\.\d+, validation loss \d\.\d+, accuracy 0\.\d+$/m);
    const picture = /^ +a picture of it: (.*confusion\.png)$/m.exec(stdout)?.[1] ?? '';
    expect((await readFile(picture)).subarray(1, 4).toString()).toBe('PNG');
    expect(stdout).toMatch(learned);
    expect(stdout).toMatch(/^It is registered: model 1 digits_[\da-f]{8}$/m);
  },
);

it(
  'does the same in TypeScript, goes on from that model, and leaves none when the backend refuses the new one',
  { timeout: 300_000 },
  async () => {
    const { code, stdout, stderr, left } = await runExample('--trainer', 'typescript', '--fail');
    expect({ code, stderr, left }).toEqual({ code: 1, stderr: '', left: [] });
    expect(stdout).toMatch(learned);
    expect(stdout).not.toContain('confusion.png'); // it is gone when the program ends
    expect(stdout).toMatch(/^ +model 1 is deleted now, by somebody else$/m);
    expect(stdout).toMatch(/^Step 'model_upload' failed: .*There is no model 1\./m);
    expect(stdout).toMatch(/^ +model_upload +undone$/m);
    expect(stdout).toMatch(/^ +train +undone$/m);
    expect(stdout).not.toContain('left behind');
    expect(stdout).toContain('No model is left on the backend, and nothing of it on this machine.');
  },
);

it('refuses a trainer that it does not have, before anything runs', async () => {
  const { code, stdout, stderr } = await runExample('--trainer', 'tensorflow');
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain("There is no trainer 'tensorflow'.");
});
