import { describe, expect, it } from 'vitest';

import { RunCancelledError, StepFailedError, StepResult, toErrorRecord } from '../src/index.js';
import { eventsOf, failing, outcomesOf, play, traced, waiting } from './contract-steps.js';

describe('RB-7: a failed undo is recorded, and the next goes on', () => {
  const cause = new TypeError('the root of it');
  const broken = failing('b', {
    rollback: () => {
      throw new Error('cannot undo', { cause });
    },
  });

  it('RB-7: with its full error, in the event and in the report, and the rollback is incomplete', async () => {
    const played = await play([traced('a'), broken]);
    expect(outcomesOf(played)).toEqual(['b: failed', 'a: undone']);
    const { error } = played.report.rollback?.steps[0] ?? {};
    expect(error).toMatchObject({
      name: 'Error',
      message: 'cannot undo',
      cause: { name: 'TypeError', message: 'the root of it' },
    });
    expect(error?.stack).toContain('cannot undo');
    expect(eventsOf(played.events, 'undo-end').at(-2)?.error).toEqual(error);
    expect(eventsOf(played.events, 'rollback-end')).toMatchObject([{ complete: false }]);
    expect(played.report.status).toBe('rollback-incomplete');
  });

  it('RB-7: with onRollbackError halt the undos after it are not attempted, and the report says so', async () => {
    const played = await play([traced('a'), broken], { onRollbackError: 'halt' });
    expect(played.context.trace).toEqual(['a', 'b', 'undo b', 'undo b', 'undo b']);
    expect(outcomesOf(played)).toEqual(['b: failed', 'a: not-attempted']);
    expect(played.report.status).toBe('rollback-incomplete');
    expect(eventsOf(played.events, 'undo-end').at(-1)).toMatchObject({
      step: 'a',
      undoAttempt: 0,
      outcome: 'not-attempted',
    });
  });

  it('RB-7: a failed undo does not take the place of the first error', async () => {
    const { error, report } = await play([traced('a'), broken]);
    expect(error).toMatchObject({ message: "Step 'b' failed: b broke" });
    expect(report.error?.message).toBe('b broke');
  });
});

describe('RB-8: the first failure stays the cause', () => {
  it('RB-8: the error has the message, the original exception and the report', async () => {
    const original = Object.assign(new RangeError('out of bounds'), { extra: 1 });
    const step = traced('fit', { execute: () => Promise.reject(original) });
    const { error, report } = await play([step]);
    expect(StepFailedError.is(error)).toBe(true);
    expect((error as StepFailedError).message).toBe("Step 'fit' failed: out of bounds");
    expect((error as StepFailedError).cause).toBe(original);
    expect((error as StepFailedError).report).toBe(report);
    expect(report.error).toMatchObject({ name: 'RangeError', message: 'out of bounds' });
  });

  it('RB-8: a returned failure has its message, and its cause is the exception that it names', async () => {
    const cause = new Error('socket closed');
    const { error } = await play([traced('fit', { execute: () => StepResult.fail('no data', { cause }) })]);
    expect(error).toMatchObject({ message: "Step 'fit' failed: no data", cause });
  });

  it('RB-8: failures of the rollback, of observers and of later cancels do not replace it', async () => {
    const { error } = await play([failing('a', { rollback: () => Promise.reject(new Error('other')) })], {
      onEvent: (event, orchestrator) => {
        if (event.type === 'undo-start') orchestrator.cancel('later');
        if (event.type === 'rollback-start') throw new Error('observer');
      },
    });
    expect(error).toMatchObject({ message: "Step 'a' failed: a broke" });
    expect(RunCancelledError.is(error)).toBe(false);
  });

  it('RB-8: a cancelled run rejects with RunCancelledError, of the same family, with the report', async () => {
    const { error, report } = await play([traced('a'), waiting('b')], {
      onEvent: (event, orchestrator) =>
        void (event.type === 'step-start' && event.step === 'b' && orchestrator.cancel('enough')),
    });
    expect(RunCancelledError.is(error)).toBe(true);
    expect(StepFailedError.is(error)).toBe(true);
    expect(error).toMatchObject({
      name: 'RunCancelledError',
      code: 'run_cancelled',
      step: 'b',
      cause: 'enough',
      report,
    });
    expect(report.error).toMatchObject({ code: 'run_cancelled', cause: toErrorRecord('enough') });
  });

  it('RB-8: the report survives a trip through JSON unchanged', async () => {
    const { report } = await play([traced('a', { execute: () => StepResult.ok({ data: { n: 1 } }) }), failing('b')]);
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });
});
