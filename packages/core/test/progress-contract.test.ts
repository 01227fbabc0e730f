import { describe, expect, it } from 'vitest';

import { RetryStep, StepRegistry, StepResult, type BaseStep, type RunEvent } from '../src/index.js';
import { eventsOf, failing, play, traced, type TraceContext } from './contract-steps.js';
import { percentsOf, reporting } from './progress-steps.js';

describe('PR-1: overall progress is weighted', () => {
  it('PR-1: finished weights plus the running weight times its fraction, over all weights, which need not sum to 1', async () => {
    expect(await percentsOf([reporting('a', 2, [50]), reporting('b', 6, [50]), reporting('c', 2)])).toEqual([
      10, 20, 50, 80, 100,
    ]);
    const { events } = await play([reporting('a', 0.25, [50]), reporting('b', 0.75, [25])]);
    expect(eventsOf(events, 'run-progress').map(({ fraction }) => fraction)).toEqual([0.125, 0.25, 0.4375, 1]);
  });

  it('PR-1: a skipped step counts as finished, one that skipped itself too', async () => {
    const steps = [
      traced('a', { canSkip: () => true }),
      traced('b', { execute: () => StepResult.skip() }),
      reporting('c', 2),
    ];
    expect(await percentsOf(steps)).toEqual([25, 50, 100]);
  });

  it('PR-1: only the default category of a step moves its fraction', async () => {
    const step = traced('a', {
      execute: (context) => {
        context.setProgress(9, 10, 'files');
        context.setProgress(9, 10, { category: 'b' });
        context.setProgress(1, 10, { category: 'a', message: 'the step itself' });
        return StepResult.ok();
      },
    });
    const seen: RunEvent[] = [];
    expect(await percentsOf([step, traced('b')], (event) => seen.push(event))).toEqual([5, 50, 100]);
    expect(eventsOf(seen, 'step-progress').map(({ category, fraction }) => [category, fraction])).toEqual([
      ['files', 0.9],
      ['b', 0.9],
      ['a', 0.1],
    ]);
  });
});

describe('PR-2: it never goes backwards', () => {
  it('PR-2: a step that reports less than before, and a retry, do not lower it', async () => {
    expect(await percentsOf([reporting('a', 1, [80, 20, 90]), reporting('b', 1)])).toEqual([40, 45, 50, 100]);
    const flaky = traced('a', {
      execute: (context) => {
        context.setProgress(context.attempt === 1 ? 80 : 30, 100);
        if (context.attempt === 1) throw new Error('once');
        return StepResult.ok();
      },
    });
    const { events } = await play([new RetryStep(flaky), traced('b')]);
    expect(eventsOf(events, 'run-progress').map(({ percent }) => percent)).toEqual([40, 50, 100]);
  });

  it('PR-2: it is 100 exactly at success and not before the last step is done', async () => {
    expect(await percentsOf([reporting('a', 1, [100]), reporting('b', 1, [100])])).toEqual([50, 50, 99, 100]);
    expect(await percentsOf([reporting('a', 1, [100]), reporting('nothing', 0)])).toEqual([99, 99, 100]);
  });

  it('PR-2: a run that fails in its last step never says 100', async () => {
    const last = failing('b', {
      execute: (context) => {
        context.setProgress(1, 1);
        throw new Error('at the very end');
      },
    });
    expect(await percentsOf([traced('a'), last])).not.toContain(100);
  });

  it('PR-2: a run resumed in another process may begin lower, and ends at 100', async () => {
    const steps = (): BaseStep<TraceContext>[] => [reporting('a', 1), reporting('b', 1, [50]), reporting('c', 2)];
    const { events } = await play(steps());
    const history = events.slice(0, events.findLastIndex(({ type }) => type === 'step-progress') + 1);
    const percents: number[] = [];
    await play(steps(), { history, onProgress: (percent) => void percents.push(percent) });
    expect(percents).toEqual([37, 50, 100]);
  });
});

describe('PR-3: whole percents truncate', () => {
  it('PR-3: the eight steps of the default upload report 5, 15, 20, 35, 45, 75, 95, 100', async () => {
    const weights = [0.05, 0.1, 0.05, 0.15, 0.1, 0.3, 0.2, 0.05];
    expect(await percentsOf(weights.map((weight, index) => reporting(`s${index}`, weight)))).toEqual([
      5, 15, 20, 35, 45, 75, 95, 100,
    ]);
  });

  it('PR-3: ten steps of 0.1 end at 100, over compensated sums', async () => {
    const steps = Array.from({ length: 10 }, (_none, index) => reporting(`s${index}`, 0.1));
    expect(await percentsOf(steps)).toEqual([10, 20, 30, 40, 50, 60, 70, 80, 90, 100]);
    const registry = new StepRegistry<TraceContext>();
    for (const step of steps) registry.register(step);
    expect(registry.totalWeight).toBe(1);
  });

  it('PR-3: they are cut, not rounded', async () => {
    expect(await percentsOf([reporting('a', 2), reporting('b', 1)])).toEqual([66, 100]);
    expect(await percentsOf([reporting('a', 999), reporting('b', 1)])).toEqual([99, 100]);
  });
});
