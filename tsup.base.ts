import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Options } from 'tsup';

const sourceCondition = '@synapse-steps/source';

interface Manifest {
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
}

/**
 * How every package is built: ESM and declarations for each subpath of its `exports`, named after the subpath. The
 * manifest is the only list of entries, so a new subpath needs no second place.
 */
export function packageBuild(options: Options = {}): Options {
  return {
    entry: entriesOf(JSON.parse(readFileSync(resolve('package.json'), 'utf8')) as Manifest),
    format: 'esm',
    target: 'node20.19',
    platform: 'node',
    dts: true,
    clean: true,
    ...options,
  };
}

function entriesOf(manifest: Manifest): Record<string, string> {
  const entries: Record<string, string> = {};
  for (const [subpath, conditions] of Object.entries(manifest.exports ?? {})) {
    const source = typeof conditions === 'string' ? undefined : conditions[sourceCondition];
    if (source !== undefined) entries[subpath === '.' ? 'index' : subpath.slice(2)] = source;
  }
  return entries;
}
