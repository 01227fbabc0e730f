import { describe, expect, it } from 'vitest';

import { foldRunEvents, ParallelStep, StepRegistry, StepResult, type BaseStep } from '../src/index.js';
import { ManualClock } from '../src/testing/index.js';
import { eventsOf, failing, outcomesOf, play, traced, type TraceContext } from './contract-steps.js';

type Step = BaseStep<TraceContext>;

const parallel = (name: string, children: readonly Step[], options: object = {}): ParallelStep<TraceContext> =>
  new ParallelStep<TraceContext>(children, { name, ...options });

/** Ends after `ms` of the clock of its run. */
const lasting = (clock: ManualClock, name: string, ms: number): Step =>
  traced(name, {
    execute: () => new Promise((resolve) => void clock.after(ms, () => resolve(StepResult.ok({ data: { ms } })))),
  });

describe('CT-4: child runs', () => {
  it('CT-4: children run side by side, and are undone in the reverse order of their start, not of their end', async () => {
    const clock = new ManualClock();
    const children = [lasting(clock, 'slow', 30), lasting(clock, 'quick', 10), lasting(clock, 'middle', 20)];
    const played = await play([traced('a'), parallel('p', children), failing('z')], { clock });
    expect(clock.now()).toBe(30);
    expect(eventsOf(played.events, 'step-end').map(({ step }) => step)).toEqual([
      'a',
      'p/quick',
      'p/middle',
      'p/slow',
      'p',
      'z',
    ]);
    expect(outcomesOf(played)).toEqual([
      'z: undone',
      'p/middle: undone',
      'p/quick: undone',
      'p/slow: undone',
      'p: nothing-to-undo',
      'a: undone',
    ]);
    expect(played.report.rollback?.complete).toBe(true);
  });

  it('RB-3: nested steps are undone in reverse start order as well', async () => {
    const inner = parallel('inner', [traced('x'), traced('y')], { concurrency: 1 });
    const { context } = await play([parallel('outer', [traced('w'), inner], { concurrency: 1 }), failing('z')]);
    expect(context.trace).toEqual(['w', 'x', 'y', 'z', 'undo z', 'undo y', 'undo x', 'undo w']);
  });

  it('CT-4: at most concurrency of them at a time, started in order', async () => {
    const clock = new ManualClock();
    let running = 0;
    const highest: number[] = [];
    const child = (name: string): Step =>
      traced(name, {
        execute: async () => {
          highest.push((running += 1));
          await new Promise<void>((resolve) => void clock.after(10, resolve));
          running -= 1;
          return StepResult.ok();
        },
      });
    const { events } = await play([parallel('p', ['a', 'b', 'c', 'd', 'e'].map(child), { concurrency: 2 })], { clock });
    expect(Math.max(...highest)).toBe(2);
    expect(eventsOf(events, 'step-start').map(({ step }) => step)).toEqual(['p', 'p/a', 'p/b', 'p/c', 'p/d', 'p/e']);
  });

  it('CT-4: a concurrency that would run nothing is refused', () => {
    for (const concurrency of [0, -1, Number.NaN, 1.5, '2' as unknown as number]) {
      expect(() => parallel('p', [traced('x')], { concurrency })).toThrow(
        expect.objectContaining({ code: 'invalid_step', message: expect.stringContaining("'p'") as string }),
      );
    }
  });

  it('CT-4: their weights are scaled into the weight of the parent', async () => {
    const child = (name: string, progressWeight: number): Step =>
      traced(name, {
        progressWeight,
        execute: (context) => {
          context.setProgress(1, 2);
          return StepResult.ok();
        },
      });
    const percents: number[] = [];
    const steps = [traced('a'), parallel('p', [child('x', 30), child('y', 10)], { progressWeight: 1, concurrency: 1 })];
    await play(steps, { onProgress: (percent) => void percents.push(percent) });
    // x is 3/4 of p, and p is half of the run.
    expect(percents.filter((percent, index) => percent !== percents[index - 1])).toEqual([50, 68, 87, 93, 99, 100]);
    expect(parallel('p', [child('x', 0.3), child('y', 0.1)]).progressWeight).toBeCloseTo(0.4);
  });

  it('CT-4: they are named by a path; equal names get #2, #3, and each has its own result, undo data and report', async () => {
    const given: unknown[] = [];
    const copy = (id: number): Step =>
      traced('copy', {
        async execute(context) {
          await context.saveUndo({ id });
          return StepResult.ok({ data: { id, key: context.idempotencyKey } });
        },
        rollback: (context, { rollbackData }) => void given.push([context.currentStep, rollbackData['id']]),
      });
    const steps = [parallel('train', [copy(1), copy(2), traced('other'), copy(3)]), failing('z')];
    const played = await play(steps, { runId: 'r' });
    const names = played.report.steps.map(({ name }) => name);
    expect(names).toEqual(['train', 'train/copy', 'train/copy#2', 'train/other', 'train/copy#3', 'z']);
    expect(played.report.steps[0]?.data).toEqual({
      copy: { id: 1, key: 'r/train/copy/1/execute' },
      'copy#2': { id: 2, key: 'r/train/copy#2/1/execute' },
      other: {},
      'copy#3': { id: 3, key: 'r/train/copy#3/1/execute' },
    });
    expect(given).toEqual([
      ['train/copy#3', 3],
      ['train/copy#2', 2],
      ['train/copy', 1],
    ]);
    expect(foldRunEvents(played.events).report).toEqual(played.report);
    expect(eventsOf(played.events, 'run-start')[0]?.steps[0]?.children?.map(({ name }) => name)).toEqual([
      'copy',
      'copy#2',
      'other',
      'copy#3',
    ]);
  });

  it('CT-4: a name that looks like a numbered one does not collide', async () => {
    const { report, events } = await play([parallel('p', [traced('a'), traced('a'), traced('a#2')])]);
    expect(new Set(report.steps.map(({ name }) => name)).size).toBe(4);
    expect(foldRunEvents(events).report).toEqual(report);
  });

  it('CT-4: no step, and no child, may have a slash in its name', () => {
    for (const make of [
      () => traced('a/b'),
      () => parallel('p', [traced('a/b')]),
      () => parallel('p', [parallel('q', [traced('')])]),
    ]) {
      expect(() => new StepRegistry<TraceContext>().register(make())).toThrow(
        expect.objectContaining({ code: 'invalid_step' }),
      );
    }
  });
});
