import { expect, it } from 'vitest';
import { readOutcomes, unittestTotals } from './python-tests.mjs';

const line = '-'.repeat(70);

it('reads a green suite', () => {
  expect(unittestTotals(`...\n${line}\nRan 12 tests in 0.010s\n\nOK\n`, 0)).toEqual({
    passed: 12,
    failed: 0,
    skipped: 0,
  });
  expect(unittestTotals(`..s\n${line}\nRan 12 tests in 0.010s\n\nOK (skipped=2)\n`, 0)).toEqual({
    passed: 10,
    failed: 0,
    skipped: 2,
  });
});

it('reads a red suite', () => {
  const output = `${line}\nRan 12 tests in 0.010s\n\nFAILED (failures=1, errors=2, skipped=3, unexpected successes=1)\n`;
  expect(unittestTotals(output, 1)).toEqual({ passed: 5, failed: 4, skipped: 3 });
});

it('does not take an empty suite for a green one', () => {
  expect(unittestTotals(`${line}\nRan 0 tests in 0.000s\n\nOK\n`, 0)).toEqual({ passed: 0, failed: 1, skipped: 0 });
});

it('counts a suite that could not start as one failure', () => {
  expect(unittestTotals('ImportError: Start directory is not importable', 1)).toEqual({
    passed: 0,
    failed: 1,
    skipped: 0,
  });
});

it('knows the faults among the tests, and tells those that were skipped', () => {
  const outcomes = [
    { id: 'tests.test_stdio.Stdio.test_f3_a_child_that_prints', state: 'passed', reason: null },
    { id: 'setUpClass (tests.test_wheel.Wheel)', state: 'skipped', reason: 'no network' },
  ] as const;
  expect(readOutcomes(outcomes, '3.9')).toMatchObject({
    skippedTests: ['Python 3.9: setUpClass (tests.test_wheel.Wheel): no network'],
    tests: [{ file: 'packages/python/tests/test_stdio.py', title: 'F-3: a child that prints', state: 'passed' }, {}],
  });
});
