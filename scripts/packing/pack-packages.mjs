// Packs what is published, as a registry would get it: pnpm puts versions where the workspace has `workspace:` and `catalog:`.
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { capturePnpm } from '../bootstrap/pnpm.mjs';
import { publishablePackages } from '../bootstrap/repository.mjs';

/**
 * Replaces tarballs of an earlier time; nothing else in the folder is touched.
 *
 * @param {string} directory Made if it is not there. @returns {Promise<string[]>} The paths of the tarballs.
 */
export async function packPackages(directory) {
  const folder = resolve(directory);
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) if (isOurs(name)) rmSync(join(folder, name));
  const only = ['--recursive', '--filter', './packages/*'];
  const { code, output } = await capturePnpm([...only, 'pack', '--pack-destination', folder]);
  if (code !== 0) throw new Error(`pnpm pack failed (exit code ${code}):\n${output}`);
  return publishablePackages().map(({ manifest }) => tarballIn(folder, manifest.name));
}

/** @param {string} folder @param {string} packageName Such as `@synapse-steps/core`. @returns {string} */
export function tarballIn(folder, packageName) {
  const names = readdirSync(folder);
  const file = names.find((name) => isTarballOf(packageName, name));
  if (file === undefined)
    throw new Error(`pnpm pack made no tarball of ${packageName}; there is: ${names.join(', ')}.`);
  return join(folder, file);
}

/** What a shell is to be given, in any project, to get all of them. @param {readonly string[]} tarballs */
export function installLine(tarballs) {
  return `npm install ${tarballs.map(quoted).join(' ')}`;
}

/** @param {string} path */
function quoted(path) {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}

/** @param {string} file */
function isOurs(file) {
  return publishablePackages().some(({ manifest }) => isTarballOf(manifest.name, file));
}

/** @param {string} packageName @param {string} file */
function isTarballOf(packageName, file) {
  const prefix = `${packageName.replace('@', '').replace('/', '-')}-`;
  return file.startsWith(prefix) && /^\d.*\.tgz$/.test(file.slice(prefix.length));
}
