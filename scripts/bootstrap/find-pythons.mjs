// Finds the CPython interpreters of this machine that plugins can run on.
import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { captureCommand } from './run-command.mjs';

/** @typedef {{ command: string, version: string }} Python `version` is of the form `3.11`. */

const oldestMinor = 9;
const minorsTried = Array.from({ length: 12 }, (_, index) => oldestMinor + index);
const probe = 'import sys; print(sys.implementation.name, *sys.version_info[:2], sys.executable, sep="|")';

/**
 * One interpreter for each version of CPython 3.9 or newer, oldest first: `python3`, `python`, `python3.X` on the PATH,
 * and those that pyenv keeps in its folder.
 *
 * @returns {Promise<Python[]>}
 */
export async function findPythons() {
  /** @type {Map<number, Python>} */
  const byMinor = new Map();
  const add = async (/** @type {readonly string[]} */ commands) => {
    for (const found of await Promise.all(commands.map(identify))) {
      if (found && !byMinor.has(found.minor)) byMinor.set(found.minor, found.python);
    }
  };
  await add(['python3', 'python', ...pyenvInterpreters()]);
  // Only what is still missing: the commands of pyenv are scripts that take their time.
  await add(minorsTried.filter((minor) => !byMinor.has(minor)).map((minor) => `python3.${minor}`));
  return [...byMinor.entries()].sort(([a], [b]) => a - b).map(([, python]) => python);
}

/** Of several interpreters the one that a user gets by typing `python3`, else the newest. @returns {Promise<Python>} */
export async function requirePython() {
  for (const command of ['python3', 'python']) {
    const found = await identify(command);
    if (found) return found.python;
  }
  const newest = (await findPythons()).at(-1);
  if (newest) return newest;
  throw new Error(
    'Found no CPython 3.9 or newer. Install Python, so that "python3 --version" answers, then run the command again.',
  );
}

function pyenvInterpreters() {
  const folder = join(process.env['PYENV_ROOT'] ?? join(homedir(), '.pyenv'), 'versions');
  try {
    return readdirSync(folder).map((version) => join(folder, version, 'bin', 'python'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []; // no pyenv here
    throw error;
  }
}

/** @param {string} command @returns {Promise<{ minor: number, python: Python } | undefined>} */
async function identify(command) {
  const result = await captureCommand(command, ['-c', probe], { timeoutMs: 10_000 }).catch((error) => {
    if (error.code === 'ENOENT' || error.code === 'EACCES') return undefined; // not on this machine
    throw error;
  });
  return result?.code === 0 ? parseIdentity(result.output) : undefined;
}

/** @param {string} output What the probe printed. */
export function parseIdentity(output) {
  const [implementation, major, minor, executable] = output.trim().split('|');
  if (implementation !== 'cpython' || major !== '3' || Number(minor) < oldestMinor || !executable) return undefined;
  return { minor: Number(minor), python: { command: executable, version: `3.${minor}` } };
}
