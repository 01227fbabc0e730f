import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { formatTotals, oneFailed, readTotals, recordedTests, recordTotals, sumTotals } from './totals.mjs';

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

it('puts together what several commands record, with the names of what was skipped', () => {
  const folder = mkdtempSync(join(tmpdir(), 'totals-'));
  onTestFinished(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });
  const file = join(folder, 'totals');
  vi.stubEnv('SYNAPSE_STEPS_TOTALS', file);
  const test = { file: 'packages/a/src/a.test.ts', title: 'F-1: a', state: 'passed' } as const;
  recordTotals({ passed: 3, failed: 0, skipped: 1, skippedTests: ['needs Go'], tests: [test] });
  recordTotals(oneFailed);
  const sum = { passed: 3, failed: 1, skipped: 1, skippedTests: ['needs Go'], tests: [test] };
  expect(readTotals(file)).toEqual(sum);
  expect(recordedTests()).toEqual([test]);
});
