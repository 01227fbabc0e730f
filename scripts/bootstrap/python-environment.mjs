// A virtual environment with packages of the registry, made once.
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './repository.mjs';
import { captureCommand } from './run-command.mjs';

/**
 * @param {import('./find-pythons.mjs').Python} python
 * @param {{ name: string, packages: readonly string[] }} environment What it is for, and pinned requirements.
 * @returns {Promise<string>} The folder of its programs.
 * @throws {Error} When it cannot be made, or pip fails.
 */
export async function pythonEnvironment({ command, version }, { name, packages }) {
  const content = [...packages, version].join('-');
  const folder = join(root, 'node_modules', '.cache', `synapse-steps-${name}`, content);
  const bin = join(folder, process.platform === 'win32' ? 'Scripts' : 'bin');
  const finished = join(folder, 'installed');
  if (existsSync(finished)) return bin;
  await rm(folder, { recursive: true, force: true }); // a virtual environment cannot be renamed, hence the mark
  await mkdir(folder, { recursive: true });
  await succeed(command, ['-m', 'venv', folder]);
  await succeed(join(bin, 'python'), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages]);
  await writeFile(finished, '');
  return bin;
}

/** @param {string} command @param {readonly string[]} args */
async function succeed(command, args) {
  const { code, output } = await captureCommand(command, args, { timeoutMs: 900_000 });
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${output.trim().slice(-400)}`);
}
