// Where things are in this repository, read from the files that decide it, so that no script keeps a list of its own.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * @typedef {object} Manifest The part of a package.json that the scripts read.
 * @property {string} name
 * @property {string} version
 * @property {boolean} [private]
 * @property {string} [packageManager]
 * @property {{ node: string }} [engines]
 * @property {Record<string, string>} [bin]
 * @property {Record<string, Record<string, string>>} [exports]
 * @property {{ exports?: Record<string, Record<string, string>> }} [publishConfig]
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [devDependencies]
 */

/** @typedef {{ directory: string, path: string, manifest: Manifest }} WorkspacePackage `path` is relative to the root. */

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** @param {string} directory @returns {Manifest} */
export function readManifest(directory) {
  return JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
}

/** Every package of the workspace, in the order of the globs in pnpm-workspace.yaml. @returns {WorkspacePackage[]} */
export function workspacePackages() {
  return workspaceGlobs()
    .flatMap(expandGlob)
    .map((path) => ({ path, directory: join(root, path), manifest: readManifest(join(root, path)) }));
}

/** The packages that are published. */
export function publishablePackages() {
  return workspacePackages().filter(({ manifest }) => manifest.private !== true);
}

function workspaceGlobs() {
  const text = readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8');
  const block = /^packages:\n((?: {2}- .+\n)+)/m.exec(text);
  if (!block) throw new Error('pnpm-workspace.yaml: found no list "packages:" of the form "  - folder/*".');
  return String(block[1])
    .trimEnd()
    .split('\n')
    .map((line) => line.trim().slice(2));
}

/** @param {string} glob Of the form `folder/*`, the only one in use here. */
function expandGlob(glob) {
  const folder = glob.slice(0, -'/*'.length);
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(root, folder, entry.name, 'package.json')))
    .map((entry) => `${folder}/${entry.name}`)
    .sort();
}
