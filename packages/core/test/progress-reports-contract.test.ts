import { describe, expect, it } from 'vitest';

import {
  BaseStepContext,
  defineStep,
  LoggingStep,
  ParallelStep,
  StepRegistry,
  StepResult,
  type BaseStep,
} from '../src/index.js';
import { ManualClock } from '../src/testing/index.js';
import { eventsOf, failing, play, playOn, traced, type TracedOptions } from './contract-steps.js';
import { percentsOf, reporting } from './progress-steps.js';

describe('PR-4: weights', () => {
  it('PR-4: one that is negative, NaN, infinite or no number is rejected at register, by every way in', () => {
    for (const weight of [-0.1, Number.NaN, Infinity, -Infinity, '1', null, 1n] as unknown as number[]) {
      const bad = defineStep({ name: 'heavy', progressWeight: weight, execute: () => StepResult.ok() });
      // A literal may leave the weight out; null is not leaving it out.
      if (bad.progressWeight === 1) continue;
      const registry = new StepRegistry().register(defineStep({ name: 'a', execute: () => StepResult.ok() }));
      for (const put of [
        () => registry.register(bad),
        () => registry.insertBefore('a', bad),
        () => registry.insertAfter('a', bad),
        () => registry.replace('a', bad),
        () => registry.register(new LoggingStep(bad)),
        () => registry.register(new ParallelStep([bad], { name: 'p' })),
        () => registry.register(new ParallelStep([bad], { name: 'p', progressWeight: 1 })),
      ]) {
        expect(put).toThrow(
          expect.objectContaining({ code: 'invalid_step', message: expect.stringContaining('heavy') as string }),
        );
      }
      expect(registry.getSteps().map(({ name }) => name)).toEqual(['a']);
    }
  });

  it('PR-4: all-zero weights give no percentage and no run-progress', async () => {
    const { events, report } = await play([reporting('a', 0, [50]), reporting('b', 0)]);
    expect(report.success).toBe(true);
    expect(eventsOf(events, 'run-progress')).toEqual([]);
    expect(eventsOf(events, 'step-progress')).toMatchObject([{ fraction: 0.5 }]);
  });

  it('PR-4: all-zero weights inside a parallel step leave its own weight to it', async () => {
    const parallel = new ParallelStep([reporting('x', 0, [50]), reporting('y', 0)], { name: 'p', progressWeight: 1 });
    expect(await percentsOf([parallel, reporting('b', 1)])).toEqual([50, 100]);
  });
});

describe('PR-5: context.setProgress', () => {
  const reportsBad = (...args: readonly unknown[]): TracedOptions => ({
    execute: (context) => {
      (context.setProgress as (...values: readonly unknown[]) => void)(...args);
      return StepResult.ok();
    },
  });

  it('PR-5: a total of 0 or less, and a current outside 0 … total, are errors that name the step', async () => {
    const bad = [
      [1, 0],
      [1, -1],
      [-1, 10],
      [11, 10],
      [Number.NaN, 10],
      [1, Number.NaN],
      [1, Infinity],
      ['1', 10],
      [1],
      [],
    ];
    for (const args of bad) {
      const { error, context } = await play([traced('load', reportsBad(...args))]);
      expect(error).toMatchObject({
        cause: { code: 'invalid_progress', message: expect.stringContaining("'load'") as string },
      });
      expect(context.trace).toEqual(['load', 'undo load']);
    }
  });

  it('PR-5: the bounds themselves are fine, and the category is the step unless one is given', async () => {
    const step = traced('load', {
      execute: (context) => {
        context.setProgress(0, 10);
        context.setProgress(10, 10);
        context.setProgress(0.5, 0.5, 'files');
        return StepResult.ok();
      },
    });
    const { events } = await play([step]);
    expect(eventsOf(events, 'step-progress').map(({ category, fraction }) => [category, fraction])).toEqual([
      ['load', 0],
      ['load', 1],
      ['files', 1],
    ]);
  });
});

describe('PR-6: progress during rollback', () => {
  it('PR-6: the forward number stands still, and undone ÷ eligible can be read from the events', async () => {
    const rollback: TracedOptions['rollback'] = (context) => context.setProgress(1, 2);
    const { events } = await play([
      traced('a', { rollback }),
      traced('b', { rollback: 'none' }),
      failing('c', { rollback }),
    ]);
    const from = events.findIndex(({ type }) => type === 'rollback-start');
    expect(eventsOf(events.slice(from), 'run-progress')).toEqual([]);
    expect(eventsOf(events.slice(from), 'step-progress').map(({ step }) => step)).toEqual(['c', 'a']);
    const eligible = eventsOf(events, 'rollback-start')[0]?.steps.length ?? 0;
    const done = eventsOf(events, 'undo-end').map((_event, index) => (index + 1) / eligible);
    expect(done).toEqual([1 / 3, 2 / 3, 1]);
  });
});

describe('PR-7: the remaining time', () => {
  const ticking = (clock: ManualClock, name: string, [ticks, ms]: readonly [number, number]): BaseStep =>
    defineStep({
      name,
      progressWeight: ticks,
      execute: (context) => {
        for (let tick = 1; tick <= ticks; tick += 1) {
          clock.advance(ms);
          context.setProgress(tick, ticks);
        }
        return StepResult.ok();
      },
    });

  it('PR-7: is estimated from this run, and shown only once a second has passed and a twentieth is done', async () => {
    const clock = new ManualClock();
    const { events } = await playOn(new BaseStepContext(), [ticking(clock, 'a', [100, 100])], { clock });
    const shown = eventsOf(events, 'run-progress').map(({ percent, remainingMs }) => [percent, remainingMs]);
    expect(shown.slice(0, 9).map(([, remaining]) => remaining)).toEqual(Array.from({ length: 9 }));
    expect(shown[9]).toEqual([10, 9000]);
    expect(shown[49]).toEqual([50, 5000]);
    expect(shown.at(-1)).toEqual([100, 0]);
  });

  it('PR-7: a slow first twentieth shows nothing yet', async () => {
    const clock = new ManualClock();
    const { events } = await playOn(new BaseStepContext(), [ticking(clock, 'a', [100, 10_000])], { clock });
    const first = eventsOf(events, 'run-progress').find(({ remainingMs }) => remainingMs !== undefined);
    expect(first).toMatchObject({ percent: 5, remainingMs: 950_000 });
  });

  it('PR-7: after a resume, what was done before is not taken for work of this process', async () => {
    const clock = new ManualClock();
    const steps = (on: ManualClock): BaseStep[] => [ticking(on, 'a', [90, 100]), ticking(on, 'b', [10, 1000])];
    const { events } = await playOn(new BaseStepContext(), steps(new ManualClock()));
    const history = events.slice(
      0,
      events.findIndex((event) => event.type === 'step-start' && event.step === 'b'),
    );
    const resumed = await playOn(new BaseStepContext(), steps(clock), { clock, history });
    const shown = eventsOf(resumed.events, 'run-progress').flatMap(({ percent, remainingMs }) =>
      remainingMs === undefined ? [] : [[percent, remainingMs]],
    );
    expect(shown).toContainEqual([95, 5000]);
  });
});
