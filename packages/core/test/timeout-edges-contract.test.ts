import { describe, expect, it } from 'vitest';

import { StepResult, TimeoutStep } from '../src/index.js';
import { ManualClock } from '../src/testing/index.js';
import { eventsOf, never, play, traced, untilAborted, waiting } from './contract-steps.js';

describe('CT-3: a time limit', () => {
  it('CT-3: that is reached is the error; what the step threw when it stopped is behind it', async () => {
    const { error } = await play([new TimeoutStep(waiting('a'), { timeoutMs: 50 })]);
    expect(error).toMatchObject({ cause: { code: 'step_timeout', cause: { message: 'stopped' } } });
  });

  it('CT-3: that is reached, and that the step itself throws, is not behind itself', async () => {
    const obedient = traced('a', {
      execute: ({ signal }) => untilAborted(signal).catch(() => Promise.reject(signal.reason as Error)),
    });
    const { error } = await play([new TimeoutStep(obedient, { timeoutMs: 50 })]);
    expect(error).toMatchObject({ cause: { code: 'step_timeout' } });
    expect((error as Error).cause).not.toHaveProperty('cause');
  });

  it('CT-3, CT-2: that is reached by a step that does not stop: it is given up, for that reason', async () => {
    const deaf = traced('a', { execute: never, cancelGraceMs: 70 });
    const { error, clock } = await play([new TimeoutStep(deaf, { timeoutMs: 50 })]);
    expect(error).toMatchObject({ cause: { code: 'step_given_up', cause: { code: 'step_timeout' } } });
    expect((error as Error).message).toContain('within 70 ms');
    expect(clock.now()).toBe(120);
  });

  it('CT-3, CT-1: that would be reached only after a cancel says nothing any more', async () => {
    const clock = new ManualClock();
    const slow = traced('a', {
      cancelGraceMs: 1000,
      execute: ({ signal }) =>
        untilAborted(signal).catch(
          () => new Promise((_resolve, reject) => clock.after(200, () => reject(new Error('stopped late')))),
        ),
    });
    const { report, error } = await play([new TimeoutStep(slow, { timeoutMs: 100 })], {
      clock,
      onEvent: (event, run) => void (event.type === 'step-start' && queueMicrotask(() => run.cancel('enough'))),
    });
    expect(error).toMatchObject({ code: 'run_cancelled' });
    expect(report.steps[0]?.error).toMatchObject({ message: 'stopped late' });
  });

  it('CT-2, CT-3: a wrapped step that was given up and ends later: that is recorded and dropped', async () => {
    let end = (): void => {};
    const deaf = traced('a', {
      execute: () => new Promise((resolve) => (end = () => resolve(StepResult.ok()))),
      cancelGraceMs: 10,
      rollback: async () => {
        end();
        for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
      },
    });
    const { events } = await play([new TimeoutStep(deaf, { timeoutMs: 10 })]);
    expect(eventsOf(events, 'step-log')).toMatchObject([
      { step: 'a', level: 'warning', message: 'The step was given up and then ended; that was dropped.' },
    ]);
  });
});
