import { describe, expect, it } from 'vitest';

import { RetryStep, StepResult, StepTimeoutError, TimeoutStep } from '../src/index.js';
import { ManualClock, MemoryJournal } from '../src/testing/index.js';
import { eventsOf, failing, play, traced, untilAborted } from './contract-steps.js';

describe('CT-3: time limits', () => {
  it('CT-3: a step that stops when it is told to fails with a StepTimeoutError, also when it ends well or with an error of its own', async () => {
    for (const after of [
      (reason: unknown): never => {
        throw reason as Error;
      },
      (): never => {
        throw new Error('my own');
      },
      (): StepResult => StepResult.ok(),
      (): StepResult => StepResult.fail('my own'),
    ]) {
      const step = traced('a', {
        execute: (context) => untilAborted(context.signal).catch(() => after(context.signal.reason)),
      });
      const { error, report, clock } = await play([new TimeoutStep(step, { timeoutMs: 100 })]);
      expect((error as Error).cause).toBeInstanceOf(StepTimeoutError);
      expect(report.steps[0]).toMatchObject({
        status: 'failed',
        error: { code: 'step_timeout', details: { timeoutMs: 100 } },
      });
      expect(clock.now()).toBe(100);
    }
  });

  it('CT-3: a step that ends in time leaves no timer, and its result is untouched', async () => {
    const step = traced('a', { execute: async () => StepResult.ok({ data: { n: 1 } }) });
    const { report, clock } = await play([new TimeoutStep(step, { timeoutMs: 100 })]);
    expect(report.steps[0]).toMatchObject({ status: 'completed', data: { n: 1 } });
    expect([clock.now(), clock.waiting]).toEqual([0, 0]);
  });

  it('CT-3: in Retry(Timeout(step)) the limit holds for each attempt', async () => {
    const step = traced('a', {
      execute: (context) => (context.attempt < 3 ? untilAborted(context.signal) : StepResult.ok()),
    });
    const played = await play([new RetryStep(new TimeoutStep(step, { timeoutMs: 100 }), { jitter: 0, delayMs: 10 })]);
    expect(played.report.steps[0]).toMatchObject({ status: 'completed', attempts: 3 });
    expect(played.clock.now()).toBe(100 + 10 + 100 + 20);
    expect(eventsOf(played.events, 'step-retry').map(({ error }) => error.code)).toEqual([
      'step_timeout',
      'step_timeout',
    ]);
  });

  it('CT-3: in Timeout(Retry(step)) the limit holds for all attempts and their pauses', async () => {
    const inner = failing('a', { execute: () => Promise.reject(new Error('broke')) });
    const played = await play([
      new TimeoutStep(new RetryStep(inner, { jitter: 0, delayMs: 100, attempts: 9 }), { timeoutMs: 350 }),
    ]);
    expect(played.clock.now()).toBe(350);
    expect(played.context.trace.filter((line) => line === 'a')).toHaveLength(3);
    expect(played.context.trace.filter((line) => line === 'undo a')).toHaveLength(3);
    expect((played.error as Error).cause).toBeInstanceOf(StepTimeoutError);
  });

  it('CT-3: an undo between two attempts is not cut short by a time limit around them', async () => {
    let aborted: boolean | undefined;
    const inner = traced('a', {
      execute: () => Promise.reject(new Error('broke')),
      rollback: (context) =>
        new Promise<void>((resolve) => {
          played.clock.after(500, () => {
            aborted = context.signal.aborted;
            resolve();
          });
        }),
    });
    const played = { clock: new ManualClock() };
    const { report, context } = await play([new TimeoutStep(new RetryStep(inner), { timeoutMs: 100 })], {
      clock: played.clock,
      journal: new MemoryJournal(),
    });
    expect(aborted).toBe(false);
    expect(context.trace).toEqual(['a', 'undo a']);
    expect(report.rollback?.steps).toMatchObject([{ name: 'a', outcome: 'undone', tries: 1 }]);
  });
});
