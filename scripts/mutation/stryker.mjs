// Stryker (65 MB) would make everybody's install a fifth larger: it comes when somebody first asks for a mutation check.
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../bootstrap/repository.mjs';
import { captureCommand } from '../bootstrap/run-command.mjs';

/** The newest that runs on Node 20. */
const version = '9.6.1';

/** Ignored by git, known to no lock file, gone with `node_modules`; and below it vitest is the one of this repository. */
const cacheFolder = join(root, 'node_modules', '.cache', 'synapse-steps-mutation');

/**
 * @typedef {object} MutantResult The part of Stryker's result that is read here; lines and columns count from 1.
 * @property {string} fileName
 * @property {string} status `Killed`, `Timeout`, `Survived`, `NoCoverage`, `Ignored`, `CompileError` or `RuntimeError`.
 * @property {string} mutatorName
 * @property {string} replacement
 * @property {{ start: { line: number, column: number }, end: { line: number, column: number } }} location
 */

/** @param {object} options Of Stryker. @returns {Promise<MutantResult[]>} */
export async function runStryker(options) {
  const folder = join(cacheFolder, `stryker-${version}`);
  if (!existsSync(folder)) await install(folder);
  const entry = join(folder, 'node_modules', '@stryker-mutator', 'core', 'dist', 'src', 'index.js');
  const { Stryker } = await import(pathToFileURL(entry).href);
  return new Stryker(options).runMutationTest();
}

/** Under another name first, so that what was only half installed is never taken for the tool. @param {string} folder */
async function install(folder) {
  console.log(`Installing Stryker ${version} into ${cacheFolder} (65 MB, once) …`);
  await mkdir(cacheFolder, { recursive: true });
  const unfinished = await mkdtemp(join(cacheFolder, 'unfinished-'));
  try {
    const dependencies = { '@stryker-mutator/core': version, '@stryker-mutator/vitest-runner': version };
    await writeFile(join(unfinished, 'package.json'), JSON.stringify({ private: true, type: 'module', dependencies }));
    // Without its peer: a second vitest beside the one of this repository would run the tests.
    const flags = ['--legacy-peer-deps', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    const { code, output } = await captureCommand('npm', ['install', ...flags], { cwd: unfinished });
    if (code !== 0) throw new Error(`npm could not install Stryker ${version}: ${output.trim().slice(0, 400)}`);
    await rename(unfinished, folder);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}
