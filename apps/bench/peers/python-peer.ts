import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findPythons } from '../../../scripts/bootstrap/find-pythons.mjs';
import { captureCommand } from '../../../scripts/bootstrap/run-command.mjs';
import { cacheFolder } from './cache-folder.js';

export interface PythonPeer {
  readonly name: string;
  /** Exact. */
  readonly version: string;
  /** The oldest CPython that it runs on, such as 3.12. */
  readonly requires: `3.${number}`;
  /** What it is installed with, each pinned: `package==1.0.0`. */
  readonly beside?: readonly string[];
}

/** The interpreter of a virtual environment that has the peer. @throws Error when there is no such Python, or pip fails. */
export async function pythonPeer(peer: PythonPeer, say: (what: string) => void): Promise<string> {
  const { name, version, requires, beside = [] } = peer;
  const minor = ({ version: found }: { version: string }): number => Number(found.split('.')[1]);
  const python = (await findPythons()).find((found) => minor(found) >= minor({ version: requires }));
  if (!python) throw new Error(`${name} needs CPython ${requires} or newer, and none was found`);
  const folder = join(cacheFolder, `${name}-${version}-python-${python.version}`);
  const interpreter = join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  const finished = join(folder, 'installed');
  if (existsSync(finished)) return interpreter;

  say(`installing ${name} ${version} into a virtual environment for comparison (once; it may be some 450 MB)`);
  await rm(folder, { recursive: true, force: true }); // a virtual environment cannot be renamed, hence the mark
  await mkdir(cacheFolder, { recursive: true });
  await succeed(python.command, ['-m', 'venv', folder]);
  const packages = [`${name}==${version}`, ...beside];
  await succeed(interpreter, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages]);
  await writeFile(finished, '');
  return interpreter;
}

async function succeed(command: string, args: readonly string[]): Promise<void> {
  const { code, output } = await captureCommand(command, args);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${output.trim().slice(-400)}`);
}
