import { expect, it } from 'vitest';
import { emptyCatchBlocks, globalsOf, importsOf, statementsOtherThanExportLists } from './source-files.js';

it('sees every way to import a module', () => {
  const text = `
    import { a } from 'one';
    import type { B } from 'two';
    export { c } from 'three';
    const d = await import('four');
    // import 'not-this'
  `;
  expect(importsOf({ path: 'x.ts', text })).toEqual(['one', 'two', 'three', 'four']);
});

it('tells a global from a member of the same name', () => {
  const text = `
    class Worker { process() { return this.process(); } }
    const options = { Buffer: 1, env: process };
  `;
  const globals = globalsOf({ path: 'x.ts', text });
  expect(globals).toContain('process');
  expect(globals).not.toContain('Buffer');
  expect(globalsOf({ path: 'x.ts', text: 'class A { process() { return this.process(); } }' })).not.toContain(
    'process',
  );
});

it('accepts lists of names and nothing else in an index', () => {
  const text = `export { a, type B } from './a.js';\nexport * from './b.js';\nexport const c = 1;\n`;
  expect(statementsOtherThanExportLists({ path: 'index.ts', text })).toEqual([
    `export * from './b.js';`,
    'export const c = 1;',
  ]);
});

it('finds a catch block that only has a comment', () => {
  const text = 'try { a(); } catch { /* fine */ }\ntry { a(); } catch (error) { report(error); }\n';
  expect(emptyCatchBlocks({ path: 'x.ts', text })).toBe(1);
});
