import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { findPythons } from '../../../scripts/bootstrap/find-pythons.mjs';
import { captureCommand } from '../../../scripts/bootstrap/run-command.mjs';
import { builtInFolder } from './built-in-folder.js';

const SDK = 'synapse-sdk==2026.2.17';
const OLDEST_MINOR = 12;

/**
 * Records the built-in cases again with the real SDK and compares. Without a Python that it runs on this is a loud skip,
 * except on CI, where it must run. Resolves to the exit code.
 */
export async function checkRecorder(): Promise<number> {
  const python = (await findPythons()).findLast(({ version }) => Number(version.split('.')[1]) >= OLDEST_MINOR);
  if (python === undefined) {
    const isNeeded = process.env['CI'] !== undefined;
    const what = `${SDK} needs CPython 3.${OLDEST_MINOR} or newer, and none was found`;
    console.error(isNeeded ? `FAILED: ${what}.` : `SKIPPED: the recorder was not checked, because ${what}.`);
    return isNeeded ? 1 : 0;
  }
  const interpreter = await environmentWith(python);
  // The SDK warns about itself while it is loaded; what it says of the cases is the recorder's business.
  const { code, output } = await captureCommand(interpreter, [
    '-W',
    'ignore',
    '-B',
    join(builtInFolder, 'record.py'),
    '--check',
  ]);
  console.log(output.trim());
  return code === 0 ? 0 : 1;
}

/** The interpreter of a virtual environment with the SDK, kept outside of the repository. @throws Error when pip fails. */
async function environmentWith(python: { readonly command: string; readonly version: string }): Promise<string> {
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const folder = join(cache, 'synapse-steps', `${SDK.replace('==', '-')}-python-${python.version}`);
  const interpreter = join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  const finished = join(folder, 'installed');
  if (existsSync(finished)) return interpreter;

  console.error(`Installing ${SDK} into ${folder} (some 450 MB, once) …`);
  await rm(folder, { recursive: true, force: true }); // a virtual environment cannot be renamed, hence the mark
  await mkdir(folder, { recursive: true });
  await succeed(python.command, ['-m', 'venv', folder]);
  await succeed(interpreter, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', SDK]);
  await writeFile(finished, '');
  return interpreter;
}

async function succeed(command: string, args: readonly string[]): Promise<void> {
  const { code, output } = await captureCommand(command, args);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${output.trim().slice(-400)}`);
}
