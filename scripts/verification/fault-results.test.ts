import { expect, it } from 'vitest';
import { FAULT_TITLE } from '../clauses/faults.mjs';
import { judgeFaults, type TestResult } from './fault-results.mjs';

const a = 'packages/bridge/test/faults/a.slow.test.ts';
const table = [1, 2].map((id) => `| F-${id} | Something. | Ours does. | \`test/faults/a.slow.test.ts\` |\n`).join('');
const result = (title: string, state: TestResult['state'] = 'passed', file = a): TestResult => ({ file, title, state });

it('counts a fault as survived when a test of it passed', () => {
  expect(judgeFaults(table, [result('F-1, F-2: both'), result('F-2, RB-1: again')])).toEqual({
    survived: 2,
    all: 2,
    problems: [],
  });
});

it('counts none whose tests were skipped, did not run or failed', () => {
  expect(judgeFaults(table, [result('F-1: one', 'skipped')]).problems).toEqual([
    'F-1: no test of it ran and passed.',
    'F-2: no test of it ran and passed.',
  ]);
  const failed = judgeFaults(table, [result('F-1: one'), result('F-1: two', 'failed'), result('F-2: two')]);
  expect(failed).toEqual({ survived: 1, all: 2, problems: [`F-1: failed in ${a}: F-1: two`] });
});

it('holds the table against the tests that passed', () => {
  const b = 'packages/bridge/test/faults/b.slow.test.ts';
  expect(judgeFaults(table, [result('F-1: one'), result('F-2: two', 'passed', b)]).problems).toEqual([
    'packages/bridge/FAULTS.md says: `test/faults/a.slow.test.ts`; passed have: `test/faults/b.slow.test.ts`',
  ]);
});

it.each(['F-1: a', 'F-1, F-42: a', 'RB-1, F-3: a', 'F-3, RB-1: a'])('knows %j for the title of a fault', (title) => {
  expect(title).toMatch(FAULT_TITLE);
});

it.each(['RB-1: a', 'about F-1: a', 'F-1 a'])('and %j for none', (title) => {
  expect(title).not.toMatch(FAULT_TITLE);
});
