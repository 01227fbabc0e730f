// The real Python SDK, in a virtual environment outside of the repository that is made once.
import { homedir } from 'node:os';
import { join } from 'node:path';
import { findPythons } from './find-pythons.mjs';
import { environmentIn } from './python-environment.mjs';

export const SDK = 'synapse-sdk==2026.2.17';
/** An older one, which converted whole data sets to the layouts that trainers read. */
export const OLDER_SDK = 'synapse-sdk==2026.1.50';
const oldestMinor = 12;
/** What else is installed: the reader of workbooks, which the SDK uses where there is one. */
const EXTRAS = ['openpyxl==3.1.5'];

/**
 * An interpreter that has the SDK. Without a Python that it runs on: undefined after a loud word, except on CI, where it must be there.
 *
 * @param {string} what What is left undone without it, as in "SKIPPED: … was not checked".
 * @param {string} [sdk] Another version of it.
 * @returns {Promise<string | undefined>}
 * @throws {Error} On CI when there is none; anywhere when pip fails.
 */
export async function synapseSdkInterpreter(what, sdk = SDK) {
  const python = (await findPythons()).findLast(({ version }) => Number(version.split('.')[1]) >= oldestMinor);
  if (python !== undefined) return await environmentWith(python, sdk);
  const why = `${sdk} needs CPython 3.${oldestMinor} or newer, and none was found`;
  if (process.env['CI'] !== undefined) throw new Error(`${why}.`);
  console.error(`SKIPPED: ${what}, because ${why}.`);
  return undefined;
}

/** @param {import('./find-pythons.mjs').Python} python @param {string} sdk */
async function environmentWith(python, sdk) {
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const folder = join(cache, 'synapse-steps', `${sdk.replace('==', '-')}-python-${python.version}`);
  const onMake = () => console.error(`Installing ${sdk} into ${folder} (some 450 MB, once) …`);
  const bin = await environmentIn(folder, { python, packages: [sdk, ...EXTRAS], onMake });
  return join(bin, process.platform === 'win32' ? 'python.exe' : 'python');
}
