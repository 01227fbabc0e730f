import { expect, it } from 'vitest';
import { vitestTotals } from './vitest-run.mjs';

const report = { numPassedTests: 5, numFailedTests: 0, numPendingTests: 2, numTodoTests: 1, testResults: [] };

it('takes the totals from the report', () => {
  expect(vitestTotals(report, 0)).toEqual({ passed: 5, failed: 0, skipped: 3 });
  expect(vitestTotals({ ...report, numFailedTests: 2 }, 1)).toEqual({ passed: 5, failed: 2, skipped: 3 });
});

it('counts a run that failed without a failed test as a failure', () => {
  expect(vitestTotals(report, 1).failed).toBe(1);
  expect(vitestTotals(undefined, 1)).toEqual({ passed: 0, failed: 1, skipped: 0 });
});
