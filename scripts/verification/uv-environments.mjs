// Python environments that uv makes: its wheel is installed into a virtual environment of this repository, once.
import { join } from 'node:path';
import { pythonEnvironment } from '../bootstrap/python-environment.mjs';
import { root } from '../bootstrap/repository.mjs';
import { captureCommand } from '../bootstrap/run-command.mjs';
import { orSkipped } from './gate.mjs';

/** @typedef {import('../bootstrap/find-pythons.mjs').Python} Python */

const UV = 'uv==0.13.9';
const TESTS = 'packages/workflow/src/python-environment/uv.slow.test.ts';

/**
 * Where uv cannot be fetched this says so, and fails on CI.
 *
 * @param {Python} python
 * @returns {Promise<import('./gate.mjs').Check>}
 */
export async function checkUvEnvironments(python) {
  return await orSkipped('Python environments made by uv', async () => {
    const env = { SYNAPSE_STEPS_TEST_UV: await pythonEnvironment(python, { name: 'uv', packages: [UV] }) };
    const vitest = join(root, 'node_modules', '.bin', 'vitest');
    return await captureCommand(vitest, ['run', '--project', 'slow', TESTS], { env });
  });
}
