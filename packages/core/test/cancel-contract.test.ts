import { describe, expect, it, vi } from 'vitest';

import { RetryStep, StepResult, systemClock, TimeoutStep, type BaseStep, type RunEvent } from '../src/index.js';
import { ManualClock } from '../src/testing/index.js';
import type { TraceContext } from './contract-steps.js';
import { eventsOf, never, outcomesOf, play, traced, untilAborted } from './contract-steps.js';

const startOf = (event: RunEvent, step: string): boolean => event.type === 'step-start' && event.step === step;

/** Refuses what `setTimeout` cannot do: it would fire at once. */
class TimerClock extends ManualClock {
  override after(ms: number, callback: () => void): () => void {
    return super.after(ms >= 0 && ms < 2 ** 31 ? ms : 1, callback);
  }
}

/** Lets all promises that can go on go on. */
async function flush(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
}

describe('CT-2: a step that ignores its signal', () => {
  it('CT-2: has five seconds, then counts as unknown and is rolled back', async () => {
    const clock = new ManualClock();
    let status: unknown;
    const deaf = traced('deaf', { execute: never, rollback: (_context, result) => void (status = result.status) });
    const played = await play([traced('a'), deaf], {
      clock,
      onEvent: (event, run) => void (startOf(event, 'deaf') && run.cancel('enough')),
    });
    expect(clock.now()).toBe(5000);
    expect(status).toBe('unknown');
    expect(played.report.steps[1]).toMatchObject({ status: 'unknown', error: { code: 'step_given_up' } });
    expect(outcomesOf(played)).toEqual(['deaf: undone', 'a: undone']);
    expect(played.error).toMatchObject({ code: 'run_cancelled', cause: 'enough' });
    expect(clock.waiting).toBe(0);
  });

  it('CT-2: its own grace comes before that of the run', async () => {
    for (const [own, grace] of [
      [undefined, 300],
      [20, 20],
      [0, 0],
    ] as const) {
      const clock = new ManualClock();
      const deaf = traced('deaf', { execute: never, ...(own !== undefined && { cancelGraceMs: own }) });
      await play([deaf], {
        clock,
        graceMs: 300,
        onEvent: (event, run) => void (startOf(event, 'deaf') && run.cancel()),
      });
      expect(clock.now()).toBe(grace);
    }
  });

  it('CT-2: every call on its context throws from then on, in the plain context and in a view', async () => {
    const refused: Record<string, unknown> = {};
    let resume = (): void => {};
    const deaf = (name: string): BaseStep<TraceContext> =>
      traced(name, {
        async execute(context) {
          await new Promise<void>((resolve) => (resume = resolve));
          for (const [what, call] of Object.entries({
            setProgress: () => context.setProgress(1, 2),
            setMetrics: () => context.setMetrics({}),
            log: () => context.log('late'),
            logMessage: () => context.logMessage('late'),
            saveUndo: () => context.saveUndo({ late: 1 }),
            patch: () => context.patch([{ op: 'add', path: '/late', value: 1 }]),
          })) {
            refused[what] = await Promise.resolve()
              .then(call)
              .then(
                () => 'allowed',
                (error: unknown) => error,
              );
          }
          return StepResult.ok();
        },
        rollback: () => resume(),
      });
    for (const wrap of [
      (step: BaseStep<TraceContext>) => step,
      (step: BaseStep<TraceContext>) => new TimeoutStep(step, { timeoutMs: 1e6 }),
    ]) {
      const { context } = await play([traced('a', { rollback: async () => flush() }), wrap(deaf('deaf'))], {
        onEvent: (event, run) => void (startOf(event, 'deaf') && queueMicrotask(() => run.cancel())),
      });
      expect(Object.keys(refused)).toHaveLength(6);
      for (const error of Object.values(refused))
        expect(error).toMatchObject({ code: 'call_closed', message: expect.stringContaining("'deaf'") as string });
      expect(context).not.toHaveProperty('late');
      for (const what of Object.keys(refused)) delete refused[what];
    }
  });

  it('CT-2: a late result is recorded and dropped', async () => {
    for (const [settle, said] of [
      [(): StepResult => StepResult.ok({ data: { late: true } }), 'ended'],
      [
        (): never => {
          throw new Error('late failure');
        },
        'late failure',
      ],
    ] as const) {
      let resume = (): void => {};
      const deaf = traced('deaf', {
        execute: () => new Promise<void>((resolve) => (resume = resolve)).then(settle),
        rollback: () => resume(),
      });
      const { report, events } = await play([traced('a', { rollback: async () => flush() }), deaf], {
        onEvent: (event, run) => void (startOf(event, 'deaf') && run.cancel()),
      });
      expect(report.steps[1]).toMatchObject({ status: 'unknown', data: {} });
      expect(eventsOf(events, 'step-log')).toMatchObject([
        { step: 'deaf', level: 'warning', message: expect.stringContaining(said) as string },
      ]);
      expect(eventsOf(events, 'step-end').filter(({ step }) => step === 'deaf')).toHaveLength(1);
    }
  });

  it('CT-2: one that still holds the plain context cannot speak for another step', async () => {
    let speak = (): void => {};
    const deaf = traced('deaf', {
      optional: true,
      execute: (context) => {
        speak = () => context.setProgress(1, 2);
        return never();
      },
    });
    let error: unknown;
    const rollback = (): void => {
      try {
        speak();
      } catch (caught) {
        error = caught;
      }
    };
    const { events } = await play([traced('a', { rollback }), deaf], {
      onEvent: (event, run) => void (startOf(event, 'deaf') && run.cancel()),
    });
    expect(error).toMatchObject({ code: 'call_closed' });
    expect(eventsOf(events, 'step-progress')).toEqual([]);
  });

  it('CT-2: a canSkip that never settles is given up as well, and its step is not undone', async () => {
    const clock = new ManualClock();
    const deaf = traced('deaf', { canSkip: never });
    const played = await play([traced('a'), deaf], {
      clock,
      onEvent: (event, run) =>
        void (event.type === 'step-end' && event.step === 'a' && queueMicrotask(() => run.cancel())),
    });
    expect(clock.now()).toBeLessThanOrEqual(5000);
    expect(played.context.trace).toEqual(['a', 'undo a']);
  });

  it('CT-2: a wrapped step has its grace on a real timer too, which knows no infinite wait', async () => {
    const slowToStop = (clock: ManualClock) =>
      traced('slow', {
        execute: (context) =>
          untilAborted(context.signal).catch(
            () =>
              new Promise<StepResult>((resolve) => void clock.after(2000, () => resolve(StepResult.fail('stopped')))),
          ),
      });
    for (const wrap of [
      (step: BaseStep<TraceContext>) => new RetryStep(step),
      (step: BaseStep<TraceContext>) => new TimeoutStep(step, { timeoutMs: 1e6 }),
    ]) {
      const clock = new TimerClock();
      const { report } = await play([wrap(slowToStop(clock))], {
        clock,
        onEvent: (event, run) => void (startOf(event, 'slow') && queueMicrotask(() => run.cancel())),
      });
      expect(report.steps[0]).toMatchObject({ status: 'failed', error: { message: 'stopped' } });
    }
  });
});

describe('CT-2: the clock of the machine', () => {
  it('CT-2: a wait that is longer than a timer can be does not end at once', () => {
    vi.useFakeTimers();
    try {
      const called: string[] = [];
      const stop = systemClock.after(Infinity, () => called.push('never'));
      systemClock.after(3e9, () => called.push('after 3e9 ms'));
      systemClock.after(10, () => called.push('after 10 ms'));
      vi.advanceTimersByTime(2_999_999_999);
      expect(called).toEqual(['after 10 ms']);
      vi.advanceTimersByTime(1);
      expect(called).toEqual(['after 10 ms', 'after 3e9 ms']);
      stop();
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });
});
