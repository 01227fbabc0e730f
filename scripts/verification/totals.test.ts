import { expect, it } from 'vitest';
import { formatTotals, sumTotals } from './totals.mjs';

it('sums what every runner counted', () => {
  const totals = sumTotals([
    { passed: 3, failed: 0, skipped: 1 },
    { passed: 4, failed: 2, skipped: 0 },
  ]);
  expect(totals).toEqual({ passed: 7, failed: 2, skipped: 1 });
});

it('speaks of skipped tests only when there are some', () => {
  expect(formatTotals({ passed: 7, failed: 0, skipped: 0 })).toBe('7 passed, 0 failed');
  expect(formatTotals({ passed: 7, failed: 2, skipped: 1 })).toBe('7 passed, 2 failed, 1 skipped');
});
