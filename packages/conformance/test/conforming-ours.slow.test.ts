import { describe, expect, it } from 'vitest';
import { FIVE_LANGUAGES } from '../../../test-fixtures/plugins/five-languages.js';
import { checkFixture, failures } from './check-fixture.js';
import { testLanguage } from './test-language.js';

describe('a right plugin passes', () => {
  it('with every capability but files, and shows every clause that can be tried', async () => {
    const report = await checkFixture('conforming.mjs', { patience: 3 });
    expect(failures(report)).toEqual({});
    expect(report.passed).toBe(true);
    expect(report.clauses.filter(({ status }) => status === 'not-seen').map(({ id }) => id)).toEqual([
      'FI-1',
      'FI-4',
      'FI-5',
      'FI-6',
      'FI-7',
      'EX-3',
    ]);
  });

  for (const plugin of FIVE_LANGUAGES.filter(({ language }) => language === 'bash')) testLanguage(plugin);
});
