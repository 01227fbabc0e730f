// The packages: which there are, what they depend on and what they publish.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { publishablePackages, root, workspacePackages, type WorkspacePackage } from '../bootstrap/repository.mjs';
import { layers, subpaths } from './layers.js';

const scope = '@synapse-steps/';
const source = '@synapse-steps/source';
const published = publishablePackages();

it('has the packages that the layers name, and no others', () => {
  expect(published.map(({ path }) => path)).toEqual(
    layers
      .flat()
      .map((name) => `packages/${name}`)
      .toSorted(),
  );
  expect(published.map(({ manifest }) => manifest.name)).toEqual(
    published.map(({ path }) => scope + path.split('/')[1]),
  );
});

it('pins every version once, in the catalog', () => {
  const catalog =
    readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8')
      .split(/^catalog:\n/m)[1]
      ?.split('\n\n')[0] ?? '';
  const versions = catalog.split('\n').map((line) => line.trim().split(': '));
  expect(versions.length).toBeGreaterThan(5);
  for (const [name, version] of versions) expect(version, name).toMatch(name === 'zod' ? /^\^4\./ : /^\d+\.\d+\.\d+$/);
});

it('names no registry in the lock file', () => {
  expect(readFileSync(join(root, 'pnpm-lock.yaml'), 'utf8')).not.toContain('://');
});

describe.each(workspacePackages())('$manifest.name', ({ path, manifest }) => {
  it('takes its versions from the catalog and its siblings from the workspace', () => {
    for (const [name, version] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })) {
      expect(version, name).toBe(name.startsWith(scope) ? 'workspace:^' : 'catalog:');
    }
  });

  it('depends on packages of lower layers only', () => {
    const own = path.startsWith('apps/') ? layers.length : layerOf(manifest.name);
    for (const sibling of siblingsOf(manifest)) expect(layerOf(sibling), sibling).toBeLessThan(own);
  });
});

describe.each(published)('$manifest.name', ({ path, manifest }) => {
  const expected = subpaths[path.split('/')[1] ?? ''];

  it('exports the subpaths that are decided, and resolves each to its source here', () => {
    expect(Object.keys(manifest.exports ?? {}).toSorted()).toEqual(expected);
    for (const [subpath, conditions] of Object.entries(manifest.exports ?? {})) {
      expect(Object.keys(conditions), subpath).toEqual([source, 'types', 'default']);
    }
  });

  it('publishes the same exports without the sources', () => {
    const withoutSource = Object.entries(manifest.exports ?? {}).map(([subpath, { [source]: _, ...rest }]) => [
      subpath,
      rest,
    ]);
    expect(manifest.publishConfig?.exports ?? {}).toEqual(Object.fromEntries(withoutSource));
  });
});

function layerOf(name: string): number {
  const layer = layers.findIndex((names) => names.includes(name.slice(scope.length)));
  if (layer < 0) throw new Error(`${name} is in no layer: add it to scripts/architecture/layers.ts.`);
  return layer;
}

function siblingsOf(manifest: WorkspacePackage['manifest']): readonly string[] {
  return Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }).filter((name) =>
    name.startsWith(scope),
  );
}
