// Installs packed packages into an empty project the way a user does, and uses them there.
import assert from 'node:assert/strict';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root, workspacePackages } from '../bootstrap/repository.mjs';
import { inEmptyProject, npmFlags, succeed } from './empty-project.mjs';

/** @typedef {import('../bootstrap/repository.mjs').WorkspacePackage} WorkspacePackage */
/** @typedef {import('../verification/gate.mjs').GateResult} GateResult */

/** All that may come along, for the packages that promise it. @type {Record<string, string[]>} */
const promises = { '@synapse-steps/core': ['zod'] };

/**
 * Siblings that are not published yet cannot be installed by name, so a package and its workspace dependencies are
 * installed together. Then a small program uses the package for real, and a compiler reads it with the declarations.
 *
 * @param {WorkspacePackage} subject @param {(name: string) => Promise<string>} tarballOf
 * @returns {Promise<GateResult>}
 */
export function installTest({ path, manifest }, tarballOf) {
  return inEmptyProject(async (project) => {
    const names = withWorkspaceDependencies(manifest.name);
    const tarballs = await Promise.all(names.map(tarballOf));
    await succeed(project, 'npm', ['install', ...npmFlags, ...tarballs]);
    checkManifests(project, names);
    const others = [...new Set(installedPackages(project))].filter((name) => !names.includes(name));
    if (promises[manifest.name])
      assert.deepEqual(others, promises[manifest.name], `what ${manifest.name} brings along`);
    const said = await useAndCompile(project, path.split('/').at(-1) ?? '');
    return `brings ${others.length} packages: ${others.join(', ')}\n${said}`;
  });
}

/** @param {string} name @returns {string[]} */
function withWorkspaceDependencies(name) {
  const found = workspacePackages().find(({ manifest }) => manifest.name === name);
  const siblings = Object.keys(found?.manifest.dependencies ?? {}).filter((key) => key.startsWith('@synapse-steps/'));
  return [...new Set([name, ...siblings.flatMap(withWorkspaceDependencies)])];
}

/** Nothing of the workspace may be left in a published manifest. @param {string} project @param {readonly string[]} names */
function checkManifests(project, names) {
  for (const name of names) {
    const text = readFileSync(join(project, 'node_modules', name, 'package.json'), 'utf8');
    for (const word of ['@synapse-steps/source', 'workspace:', 'catalog:']) {
      assert(!text.includes(word), `the packed package.json of ${name} still contains "${word}"`);
    }
  }
}

/** @param {string} project @returns {string[]} The names of all installed packages. */
function installedPackages(project) {
  const lock = JSON.parse(readFileSync(join(project, 'node_modules', '.package-lock.json'), 'utf8'));
  return Object.keys(lock.packages).map((path) =>
    path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
  );
}

/** @param {string} project @param {string} packageFolder Such as `core`, for which there is a folder in `programs`. */
async function useAndCompile(project, packageFolder) {
  cpSync(fileURLToPath(new URL(`programs/${packageFolder}`, import.meta.url)), project, { recursive: true });
  const said = await succeed(project, process.execPath, ['main.mjs']);
  // What README.md says that the types need.
  const types = ['--types', 'node', '--typeRoots', join(root, 'node_modules', '@types')];
  const strict = ['--noEmit', '--strict', '--allowJs', '--checkJs', '--module', 'nodenext', '--target', 'es2022'];
  await succeed(project, join(root, 'node_modules', '.bin', 'tsc'), [...strict, ...types, 'main.mjs']);
  return said;
}
