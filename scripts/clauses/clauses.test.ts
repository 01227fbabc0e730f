import { describe, expect, it } from 'vitest';

import { clauseList, matchClauses, parseClauses, problemsOf, readClauses } from './clauses.mjs';

describe('the contract', () => {
  it('has a test for each clause, and no test names a clause that it does not have', () => {
    const read = readClauses();
    expect(read.clauses.length).toBeGreaterThan(40);
    expect(problemsOf(read)).toEqual([]);
  });
});

describe('the list of clauses', () => {
  const contract =
    '| id | clause | elsewhere |\n|---|---|---|\n| RB-1 | One. | |\n| J-4 | Two. | not in core: later |\n| V-2 | Three. | rest |\n';
  const file = {
    path: 'a.test.ts',
    text: "it('RB-1: works', () => {});\n\nit.each([])(\n  'RB-1, RB-99, F-3: both',\n  () => {},\n);\n",
  };

  it('finds the rows, and the titles that name them', () => {
    const { clauses, unknown } = matchClauses(parseClauses(contract), [
      { ...file, text: file.text.replace('.each([])', '') },
    ]);
    expect(clauses.map(({ id, tests }) => [id, tests.map(({ line, title }) => `${line} ${title}`)])).toEqual([
      ['RB-1', ['1 works', '3 both']],
      ['J-4', []],
      ['V-2', []],
    ]);
    expect(unknown).toMatchObject([{ id: 'RB-99', file: 'a.test.ts', line: 3 }]);
  });

  it('names what is missing, and what is named and not there', () => {
    const read = matchClauses(parseClauses(contract), [{ path: 'b.test.ts', text: "test('RB-99: odd', f);" }]);
    expect(problemsOf(read)).toEqual([
      'RB-1 has no test',
      'V-2 has no test',
      'b.test.ts:1 names RB-99, which packages/core/docs/contract.md does not have',
    ]);
    expect(clauseList(read.clauses)).toContain('J-4     0 tests  (not in core: later)');
  });
});
