// The types of the Python package as plugin authors meet them: mypy and pyright look at a plugin that imports it.
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../bootstrap/repository.mjs';
import { captureCommand } from '../bootstrap/run-command.mjs';

/** @typedef {import('../bootstrap/find-pythons.mjs').Python} Python */

const CHECKERS = ['mypy==2.4.1', 'pyright==1.1.414'];
const packageFolder = join(root, 'packages', 'python');
const plugin = join(packageFolder, 'tests', 'typed_plugin.py');

/**
 * Where the checkers cannot be fetched this says so, and fails on CI.
 *
 * @param {Python} python
 * @returns {Promise<{ code: number, output: string, isSkipped?: boolean }>}
 */
export async function checkPythonTypes(python) {
  try {
    return await check(await environmentWithCheckers(python));
  } catch (error) {
    if (process.env['CI'] !== undefined) throw error;
    return { code: 0, output: `SKIPPED: types of the Python package. ${String(error)}`, isSkipped: true };
  }
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

/** A virtual environment that is made once. It sees the package's sources, as one that was installed. @param {Python} python */
async function environmentWithCheckers({ command, version }) {
  const folder = join(root, 'node_modules', '.cache', 'synapse-steps-types', [...CHECKERS, version].join('-'));
  const interpreter = join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  const finished = join(folder, 'installed');
  if (existsSync(finished)) return interpreter;
  await rm(folder, { recursive: true, force: true }); // a virtual environment cannot be renamed, hence the mark
  await mkdir(folder, { recursive: true });
  await succeed(command, ['-m', 'venv', folder]);
  await succeed(interpreter, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...CHECKERS]);
  const place = await succeed(interpreter, ['-c', 'import site; print(site.getsitepackages()[0])']);
  await writeFile(join(place.trim(), 'synapse_steps_sources.pth'), `${join(packageFolder, 'src')}\n`);
  await writeFile(finished, '');
  return interpreter;
}

/** @param {string} command @param {readonly string[]} args */
async function succeed(command, args) {
  const { code, output } = await captureCommand(command, args);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${output.trim().slice(-400)}`);
  return output;
}
