// Python environments that uv makes: its wheel is installed into a virtual environment of this repository, once.
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../bootstrap/repository.mjs';
import { captureCommand } from '../bootstrap/run-command.mjs';

/** @typedef {import('../bootstrap/find-pythons.mjs').Python} Python */

const UV = 'uv==0.13.9';
const TESTS = 'packages/workflow/src/python-environment/uv.slow.test.ts';

/**
 * Where uv cannot be fetched this says so, and fails on CI.
 *
 * @param {Python} python
 * @returns {Promise<{ code: number, output: string, isSkipped?: boolean }>}
 */
export async function checkUvEnvironments(python) {
  try {
    const env = { SYNAPSE_STEPS_TEST_UV: await folderWithUv(python) };
    const vitest = join(root, 'node_modules', '.bin', 'vitest');
    return await captureCommand(vitest, ['run', '--project', 'slow', TESTS], { env });
  } catch (error) {
    if (process.env['CI'] !== undefined) throw error;
    return { code: 0, output: `SKIPPED: Python environments made by uv. ${String(error)}`, isSkipped: true };
  }
}

/** @param {Python} python */
async function folderWithUv({ command, version }) {
  const folder = join(root, 'node_modules', '.cache', 'synapse-steps-uv', `${UV}-${version}`);
  const bin = join(folder, process.platform === 'win32' ? 'Scripts' : 'bin');
  const finished = join(folder, 'installed');
  if (existsSync(finished)) return bin;
  await rm(folder, { recursive: true, force: true }); // a virtual environment cannot be renamed, hence the mark
  await mkdir(folder, { recursive: true });
  await succeed(command, ['-m', 'venv', folder]);
  await succeed(join(bin, 'python'), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', UV]);
  await writeFile(finished, '');
  return bin;
}

/** @param {string} command @param {readonly string[]} args */
async function succeed(command, args) {
  const { code, output } = await captureCommand(command, args);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${output.trim().slice(-400)}`);
}
