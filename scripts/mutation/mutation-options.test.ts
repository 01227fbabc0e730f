import { describe, expect, it } from 'vitest';
import { readWish, strykerOptions } from './mutation-options.mjs';

const folders = { root: '/repository', temporaryFolder: '/temporary' };

describe('what follows `npm run mutation --`', () => {
  it('is nothing: all rooms of the run engine, without their tests', () => {
    const { mutate } = strykerOptions(readWish([]), folders);
    expect(mutate).toContain('packages/core/src/orchestrator/**/*.ts');
    expect(mutate).toContain('!**/*.test.ts');
    expect(mutate).not.toContain('packages/core/src/loggers/**/*.ts');
  });

  it('is files, folders and lines below the sources of core, with commas or blanks between them', () => {
    const wish = readWish(['--files', 'orchestrator/roll-back.ts,restore', 'report/run-report.ts:3-9']);
    expect(strykerOptions(wish, folders).mutate.slice(0, 3)).toEqual([
      'packages/core/src/orchestrator/roll-back.ts',
      'packages/core/src/restore/**/*.ts',
      'packages/core/src/report/run-report.ts:3-9',
    ]);
  });

  it('is how many mutants are tested at a time', () => {
    expect(readWish(['--concurrency', '2', '--files', 'report'])).toEqual({ files: ['report'], concurrency: 2 });
  });

  it.each([['--file'], ['orchestrator'], ['--concurrency', 'many'], ['--concurrency']])('is not %s', (...args) => {
    expect(() => readWish(args)).toThrow('Usage: npm run mutation');
  });
});
