import { expect, it } from 'vitest';
import { judgeSummary } from './vitest-run.mjs';

const summary = { totals: { passed: 5, failed: 0, skipped: 3 }, skipped: ['needs Go: not on the PATH'], tests: [] };

it('believes a summary that agrees with the exit code', () => {
  expect(judgeSummary(summary, 0)).toEqual(summary);
  const red = { ...summary, totals: { passed: 5, failed: 2, skipped: 3 } };
  expect(judgeSummary(red, 1)).toEqual(red);
});

it('counts a run that failed without a failed test as one failure', () => {
  expect(judgeSummary(summary, 1).totals.failed).toBe(1);
  expect(judgeSummary(undefined, 137).totals).toEqual({ passed: 0, failed: 1, skipped: 0 });
});
