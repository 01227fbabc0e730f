// Virtual environments with packages of the registry, each made once.
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './repository.mjs';
import { captureCommand } from './run-command.mjs';

/** @typedef {import('./find-pythons.mjs').Python} Python */

/**
 * One of this repository.
 *
 * @param {Python} python
 * @param {{ name: string, packages: readonly string[] }} environment What it is for, and pinned requirements.
 * @returns {Promise<string>} The folder of its programs.
 * @throws {Error} When it cannot be made, or pip fails.
 */
export async function pythonEnvironment(python, { name, packages }) {
  const content = [...packages, python.version].join('-');
  const folder = join(root, 'node_modules', '.cache', `synapse-steps-${name}`, content);
  return await environmentIn(folder, { python, packages });
}

/**
 * @param {string} folder Its place; one that is there already gets the packages that it does not have.
 * @param {{ python: Python, packages: readonly string[], onMake?: () => void }} environment
 * @returns {Promise<string>} The folder of its programs.
 * @throws {Error} When it cannot be made, or pip fails.
 */
export async function environmentIn(folder, { python, packages, onMake = () => {} }) {
  const bin = join(folder, process.platform === 'win32' ? 'Scripts' : 'bin');
  const finished = join(folder, 'installed');
  const installed = existsSync(finished) ? await readFile(finished, 'utf8') : undefined;
  if (installed === packages.join('\n')) return bin;

  if (installed === undefined) {
    onMake();
    await rm(folder, { recursive: true, force: true }); // a virtual environment cannot be renamed, hence the mark
    await mkdir(folder, { recursive: true });
    await succeed(python.command, ['-m', 'venv', folder]);
  }
  await succeed(join(bin, 'python'), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages]);
  await writeFile(finished, packages.join('\n'));
  return bin;
}

/** What the program prints. @param {string} command @param {readonly string[]} args */
export async function succeed(command, args) {
  const { code, output } = await captureCommand(command, args);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${output.trim().slice(-400)}`);
  return output;
}
