import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { afterAll } from 'vitest';

async function bundleCommand(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'synapse-steps-command-'));
  // Of each test file that imports this; a test runner's process may be ended without its own `exit`.
  afterAll(async () => await rm(folder, { recursive: true, force: true }));
  await build({
    entryPoints: [fileURLToPath(new URL('../src/main.ts', import.meta.url))],
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true, // what a command loads late stays late
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    sourcemap: 'inline',
    conditions: ['@synapse-steps/source', 'node', 'import'],
    plugins: [ownPlaces, foreignPackages],
    logLevel: 'error',
  });
  return join(folder, 'main.mjs');
}

/** Our sources find files beside themselves; in the bundle each must still know its own place. */
const ownPlaces: Plugin = {
  name: 'own-places',
  setup(bundle) {
    bundle.onLoad({ filter: /\/packages\/.*\.ts$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      return { contents: text.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)), loader: 'ts' };
    });
  },
};

/** Packages of others stay what they are, where they are. */
const foreignPackages: Plugin = {
  name: 'foreign-packages',
  setup(bundle) {
    bundle.onResolve({ filter: /^[^./]/ }, async ({ path, kind, resolveDir, pluginData }) => {
      if (kind === 'entry-point' || path.startsWith('@synapse-steps/') || pluginData === RESOLVING) return undefined;
      if (isBuiltin(path)) return { path, external: true };
      const found = await bundle.resolve(path, { kind, resolveDir, pluginData: RESOLVING });
      return { path: pathToFileURL(found.path).href, external: true };
    });
  },
};

const RESOLVING = Symbol('resolving');

/**
 * The real command, made of the sources of this moment: no stale build can be what is tested, and each start costs a
 * fifth of what it would cost to compile the sources anew.
 */
export const commandUnderTest: readonly string[] = [process.execPath, '--enable-source-maps', await bundleCommand()];
