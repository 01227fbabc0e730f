import { describe, expect, it } from 'vitest';

import {
  RetryStep,
  StepResult,
  TimeoutStep,
  UnserialisableValueError,
  type BaseStep,
  type JsonObject,
  type RetryStepOptions,
} from '../src/index.js';
import { ManualClock } from '../src/testing/index.js';
import { eventsOf, failing, never, outcomesOf, play, traced, type TraceContext } from './contract-steps.js';

describe('CT-3: retry', () => {
  const noJitter: RetryStepOptions = { jitter: 0, delayMs: 100 };
  const flaky = (name: string, fails: number, more: JsonObject = {}): BaseStep<TraceContext> =>
    traced(name, {
      ...more,
      async execute(context) {
        await context.saveUndo({ attempt: context.attempt });
        if (context.attempt <= fails) throw new Error(`attempt ${context.attempt} failed`);
        return StepResult.ok();
      },
    });

  it('CT-3: step-start comes once; step-retry has attempt, delayMs and error; pauses double', async () => {
    const clock = new ManualClock();
    const { events, report } = await play([new RetryStep(flaky('a', 2), noJitter)], { clock });
    expect(eventsOf(events, 'step-start')).toHaveLength(1);
    expect(eventsOf(events, 'step-retry')).toMatchObject([
      { step: 'a', attempt: 2, delayMs: 100, error: { message: 'attempt 1 failed' } },
      { step: 'a', attempt: 3, delayMs: 200, error: { message: 'attempt 2 failed' } },
    ]);
    expect(clock.now()).toBe(300);
    expect(report.steps[0]).toMatchObject({ status: 'completed', attempts: 3 });
    expect(report.steps[0]).not.toHaveProperty('error');
  });

  it('CT-3: undo data belongs to the attempt: a failed one is undone before the next, with its own data', async () => {
    const given: unknown[] = [];
    const step = traced('a', {
      async execute(context) {
        context.trace.push(`attempt ${context.attempt}`);
        await context.saveUndo({ [`unit${context.attempt}`]: true });
        if (context.attempt < 3) throw new Error('again');
        return StepResult.ok();
      },
      rollback: (_context, { rollbackData, status, success }) =>
        void given.push([{ ...rollbackData }, status, success]),
    });
    const { context } = await play([new RetryStep(step), failing('z')]);
    expect(context.trace).toEqual([
      'a',
      'attempt 1',
      'undo a',
      'a',
      'attempt 2',
      'undo a',
      'a',
      'attempt 3',
      'z',
      'undo z',
      'undo a',
    ]);
    expect(given).toEqual([
      [{ unit1: true }, 'failed', false],
      [{ unit2: true }, 'failed', false],
      [{ unit3: true }, 'completed', true],
    ]);
  });

  it('CT-3: an attempt that returns a failure is undone with the undo data, the data and the error that came with it', async () => {
    const given: unknown[] = [];
    const step = traced('a', {
      execute: (context) =>
        context.attempt < 2
          ? StepResult.fail('refused', { rollbackData: { ticket: 7 }, data: { seen: 1 } })
          : StepResult.ok({ rollbackData: { ticket: 8 } }),
      rollback: (_context, { rollbackData, status, data, error }) =>
        void given.push({ ...rollbackData, status, data, error }),
    });
    await play([new RetryStep(step), failing('z')]);
    expect(given).toEqual([
      { ticket: 7, status: 'failed', data: { seen: 1 }, error: 'refused' },
      { ticket: 8, status: 'completed', data: {}, error: null },
    ]);
  });

  it('CT-3: such undo data that is no JSON fails the step there and then', async () => {
    const step = traced('a', {
      execute: () => StepResult.fail('refused', { rollbackData: { bad: new Map() } as unknown as JsonObject }),
    });
    const { error, context } = await play([new RetryStep(step)]);
    expect((error as Error).cause).toBeInstanceOf(UnserialisableValueError);
    expect(context.trace.filter((line) => line === 'a').length).toBeGreaterThan(0);
  });

  it('CT-3: if the undo of an attempt fails there is no further attempt, and the rollback of the run takes over', async () => {
    let undos = 0;
    const step = traced('a', {
      execute: () => Promise.reject(new Error('broke')),
      rollback: () => {
        undos += 1;
        if (undos <= 3) throw new Error('cannot undo yet');
      },
    });
    const played = await play([traced('first'), new RetryStep(step)]);
    expect(played.context.trace.filter((line) => line === 'a')).toHaveLength(1);
    expect(undos).toBe(4);
    expect(outcomesOf(played)).toEqual(['a: undone', 'first: undone']);
    expect(played.error).toMatchObject({ message: "Step 'a' failed: broke" });
  });

  it('CT-3: an attempt that has not settled is never retried, whatever retryOn says', async () => {
    const retryOn = (): boolean => true;
    const step = new RetryStep(new TimeoutStep(traced('a', { execute: never }), { timeoutMs: 50 }), { retryOn });
    const played = await play([step]);
    expect(played.context.trace).toEqual(['a', 'undo a']);
    expect(played.report.steps[0]).toMatchObject({ status: 'unknown', attempts: 1, error: { code: 'step_given_up' } });
    expect(played.clock.now()).toBe(5050);
  });

  it('CT-3: an error that says that it is not retryable is not, unless retryOn decides', async () => {
    const usage = traced('a', { execute: (context) => (context.setProgress(2, 1), StepResult.ok()) });
    expect((await play([new RetryStep(usage)])).context.trace).toEqual(['a', 'undo a']);
    const stubborn = new RetryStep(usage, { retryOn: () => true, attempts: 2 });
    expect((await play([stubborn])).context.trace).toEqual(['a', 'undo a', 'a', 'undo a']);
    const never = new RetryStep(flaky('a', 1), { retryOn: () => false });
    expect((await play([never])).report.steps[0]?.attempts).toBe(1);
  });

  it('CT-3: the attempts that were used up leave the last error as the cause, and only the last attempt to the rollback', async () => {
    const played = await play([new RetryStep(flaky('a', 9), { attempts: 2 })]);
    expect(played.error).toMatchObject({ message: "Step 'a' failed: attempt 2 failed" });
    expect(played.context.trace).toEqual(['a', 'undo a', 'a', 'undo a']);
    expect(eventsOf(played.events, 'undo-end').map(({ attempt }) => attempt)).toEqual([1, 2]);
  });

  it('CT-3: the pause comes from a seedable source, and no pause is longer than maxDelayMs', async () => {
    const delays = async (options: RetryStepOptions): Promise<number[]> =>
      eventsOf((await play([new RetryStep(flaky('a', 4), { attempts: 5, ...options })])).events, 'step-retry').map(
        ({ delayMs }) => delayMs,
      );
    expect(await delays({ delayMs: 100, maxDelayMs: 350, jitter: 0 })).toEqual([100, 200, 350, 350]);
    const chances = [0, 0.5, 1, 0.25];
    expect(await delays({ delayMs: 100, jitter: 1, random: () => chances.shift() ?? 0 })).toEqual([100, 100, 0, 600]);
  });

  it('CT-3: a cancel in the pause ends it at once, and nothing is undone twice', async () => {
    const played = await play([new RetryStep(flaky('a', 9), { jitter: 0, delayMs: 1e6 })], {
      onEvent: (event, run) => void (event.type === 'step-retry' && queueMicrotask(() => run.cancel('enough'))),
    });
    expect(played.clock.now()).toBe(0);
    expect(played.context.trace).toEqual(['a', 'undo a']);
    expect(played.error).toMatchObject({ code: 'run_cancelled', cause: 'enough' });
  });

  it('CT-3: options that make no sense are refused where they are given', () => {
    const step = traced('a');
    for (const options of [
      { attempts: 0 },
      { attempts: 1.5 },
      { jitter: 2 },
      { delayMs: Number.NaN },
      { delayMs: -1 },
      { maxDelayMs: -1 },
    ]) {
      expect(() => new RetryStep(step, options)).toThrow(
        expect.objectContaining({ code: 'invalid_step', message: expect.stringContaining("'a'") as string }),
      );
    }
    for (const timeoutMs of [0, -1, Number.NaN]) {
      expect(() => new TimeoutStep(step, { timeoutMs })).toThrow(expect.objectContaining({ code: 'invalid_step' }));
    }
  });

  it('CT-3: a retryOn that throws does not hide the failure that it was asked about', async () => {
    const retryOn = (): never => {
      throw new Error('bad rule');
    };
    const { error, context } = await play([new RetryStep(flaky('a', 1), { retryOn })]);
    expect((error as Error).message).toContain('attempt 1 failed');
    expect(context.trace).toEqual(['a', 'undo a']);
  });
});
