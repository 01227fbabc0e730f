// The sources: what they import, how they are named and how long they are.
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { workspacePackages } from '../bootstrap/repository.mjs';
import { confined, layers } from './layers.js';
import {
  emptyCatchBlocks,
  globalsOf,
  importsOf,
  isTest,
  isTypeScript,
  publishedSources,
  sourceFiles,
  statementsOtherThanExportLists,
  type SourceFile,
} from './source-files.js';

const files = sourceFiles();
const typescript = files.filter(({ path }) => isTypeScript(path));
const packages = layers.flat();

/** Every import that breaks a rule, as `file imports module`. */
function imports(among: readonly SourceFile[], isWrong: (module: string, path: string) => boolean): readonly string[] {
  return among.flatMap((file) =>
    importsOf(file)
      .filter((module) => isWrong(module, file.path))
      .map((module) => `${file.path} imports ${module}`),
  );
}

describe('core is runtime-neutral', () => {
  const core = publishedSources(files, 'core');

  it('imports zod and its own files only', () => {
    expect(core.length).toBeGreaterThan(0);
    expect(imports(core, (module) => module !== 'zod' && !module.startsWith('.'))).toEqual([]);
  });

  it('uses no global that only Node has', () => {
    const nodeOnly = ['process', 'Buffer', 'global', 'require', 'module', '__dirname', '__filename', 'setImmediate'];
    const found = core.flatMap((file) => {
      const globals = globalsOf(file);
      return nodeOnly.filter((name) => globals.has(name)).map((name) => `${file.path}: ${name}`);
    });
    expect(found).toEqual([]);
  });
});

describe('packages meet through their exports', () => {
  it('never reach into the src or dist of another', () => {
    expect(imports(typescript, (module) => /@synapse-steps\/[^/]+\/(?:src|dist)\b/.test(module))).toEqual([]);
    expect(imports(typescript, (module, path) => leavesItsPackage(path, module))).toEqual([]);
  });

  it('import only what their manifest lists', () => {
    for (const { path, manifest } of workspacePackages()) {
      const own = typescript.filter((file) => file.path.startsWith(`${path}/`));
      const listed = new Set([
        manifest.name,
        ...Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }),
      ]);
      expect(imports(own, (module) => module.startsWith('@synapse-steps/') && !listed.has(packageOf(module)))).toEqual(
        [],
      );
    }
  });

  it.each(confined)('import $module in one place only: $why', ({ module, folders }) => {
    const elsewhere = packages
      .flatMap((name) => publishedSources(files, name))
      .filter(({ path }) => !folders.some((folder) => path.startsWith(folder)));
    expect(imports(elsewhere, (imported) => imported === module)).toEqual([]);
  });
});

describe('files', () => {
  it('called index.ts list names and do nothing else', () => {
    const indexes = packages
      .flatMap((name) => publishedSources(files, name))
      .filter(({ path }) => path.endsWith('/index.ts'));
    expect(
      indexes.flatMap((file) => statementsOtherThanExportLists(file).map((line) => `${file.path}: ${line}`)),
    ).toEqual([]);
  });

  it('swallow no error', () => {
    expect(typescript.filter((file) => emptyCatchBlocks(file) > 0).map(({ path }) => path)).toEqual([]);
  });

  it('are named after what is in them', () => {
    const empty = /^(?:utils?|helpers?|types?|common|managers?|misc|shared)\.[a-z]+$/;
    expect(files.map(({ path }) => path).filter((path) => empty.test(basename(path)))).toEqual([]);
  });

  it('in TypeScript are written in kebab-case', () => {
    const kebab = /^[a-z0-9]+(?:[-.][a-z0-9]+)*\.ts$/;
    expect(typescript.map(({ path }) => path).filter((path) => !kebab.test(basename(path)))).toEqual([]);
  });

  it('stay within 400 lines', () => {
    const long = files
      .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
      .filter(({ lines }) => lines > 400);
    expect(long).toEqual([]);
  });
});

/** `packages/core/src/a.ts` may reach its tsup base and the fixtures, but not the files of a sibling. */
function leavesItsPackage(path: string, module: string): boolean {
  if (!module.startsWith('.') || !path.startsWith('packages/') || isTest(path)) return false;
  const resolved = new URL(module, `file:///${path}`).pathname.slice(1);
  const own = path.split('/').slice(0, 2).join('/');
  return resolved.startsWith('packages/') && !resolved.startsWith(`${own}/`);
}

function packageOf(module: string): string {
  return module.split('/').slice(0, 2).join('/');
}
