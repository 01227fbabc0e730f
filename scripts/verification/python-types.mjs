// The types of the Python package as plugin authors meet them: mypy and pyright look at a plugin that imports it.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pythonEnvironment, succeed } from '../bootstrap/python-environment.mjs';
import { root } from '../bootstrap/repository.mjs';
import { captureCommand } from '../bootstrap/run-command.mjs';
import { orSkipped } from './gate.mjs';

/** @typedef {import('../bootstrap/find-pythons.mjs').Python} Python */

const CHECKERS = ['mypy==2.4.1', 'pyright==1.1.414'];
const packageFolder = join(root, 'packages', 'python');
const plugin = join(packageFolder, 'tests', 'typed_plugin.py');

/**
 * Where the checkers cannot be fetched this says so, and fails on CI.
 *
 * @param {Python} python
 * @returns {Promise<import('./gate.mjs').Check>}
 */
export async function checkPythonTypes(python) {
  return await orSkipped('types of the Python package', async () => await check(await environmentWithCheckers(python)));
}

/** @param {string} interpreter */
async function check(interpreter) {
  const mypy = ['-m', 'mypy', '--strict', '--follow-imports=silent', '--cache-dir', '/dev/null', plugin];
  const pyright = ['-m', 'pyright', '--pythonpath', interpreter, plugin];
  const results = [await captureCommand(interpreter, mypy), await captureCommand(interpreter, pyright)];
  return {
    code: results.some(({ code }) => code !== 0) ? 1 : 0,
    output: results.map(({ output }) => output).join('\n'),
  };
}

/** It sees the package's sources, as one in which the package was installed. @param {Python} python */
async function environmentWithCheckers(python) {
  const interpreter = join(await pythonEnvironment(python, { name: 'types', packages: CHECKERS }), 'python');
  const place = await succeed(interpreter, ['-c', 'import site; print(site.getsitepackages()[0])']);
  await writeFile(join(place.trim(), 'synapse_steps_sources.pth'), `${join(packageFolder, 'src')}\n`);
  return interpreter;
}
