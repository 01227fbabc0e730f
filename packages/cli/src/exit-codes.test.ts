import type { RunReport } from '@synapse-steps/core';
import { expect, it } from 'vitest';
import { exitCodeOf } from './exit-codes.js';

const cancelled = { name: 'RunCancelledError', code: 'run_cancelled', message: 'cancelled' };
const stray = { ...cancelled, cause: { name: 'StrayError', code: 'stray_error', message: 'late' } };
const failed = { name: 'Error', code: 'error', message: 'failed' };

it.each<[string, Partial<RunReport>, number]>([
  ['a success', { status: 'succeeded' }, 0],
  [
    'a success beside an optional step that was undone',
    { status: 'succeeded', rollback: { complete: true, steps: [] } },
    0,
  ],
  [
    'a success beside an optional step that could not be undone',
    { status: 'succeeded', rollback: { complete: false, steps: [] } },
    3,
  ],
  ['a failure that was undone', { status: 'rolled-back', error: failed, rollback: { complete: true, steps: [] } }, 1],
  ['a failure with nothing to undo', { status: 'failed', error: failed }, 1],
  [
    'a failure that left something',
    { status: 'rollback-incomplete', error: failed, rollback: { complete: false, steps: [] } },
    3,
  ],
  [
    'a cancel that was undone',
    { status: 'rolled-back', error: cancelled, rollback: { complete: true, steps: [] } },
    130,
  ],
  ['a cancel before anything was done', { status: 'failed', error: cancelled }, 130],
  [
    'an error outside of any step that was undone',
    { status: 'rolled-back', error: stray, rollback: { complete: true, steps: [] } },
    1,
  ],
  [
    'a cancel that was abandoned',
    { status: 'rollback-abandoned', error: cancelled, rollback: { complete: false, steps: [] } },
    3,
  ],
])('%s', (_, report, code) => {
  expect(exitCodeOf(report as RunReport)).toBe(code);
});
