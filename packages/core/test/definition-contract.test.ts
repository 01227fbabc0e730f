import { describe, expect, it, vi } from 'vitest';

import * as core from '../src/index.js';
import {
  BaseStep,
  type BaseStepContext,
  ConfiguredStep,
  foldRunEvents,
  LoggingStep,
  ParallelStep,
  RetryStep,
  StepResult,
  TimeoutStep,
  TimingStep,
  type RunEvent,
} from '../src/index.js';
import { linesOf, outcomesOf, play, playOn, traced, type TraceContext } from './contract-steps.js';

describe('V-4: classes are recognised by a brand', () => {
  it('V-4: steps, results, wrappers, contexts and errors of another copy of core work together with this one', async () => {
    vi.resetModules();
    const other: typeof core = await import('../src/index.js');
    expect(other.BaseStep).not.toBe(BaseStep);
    class OtherContext extends other.BaseStepContext {
      trace: string[] = [];
    }
    const step = other.defineStep<OtherContext>({
      name: 'other',
      async execute(context) {
        await context.saveUndo({ a: 1 });
        context.setProgress(1, 2);
        return other.StepResult.ok({ data: { fine: true } });
      },
      rollback: (context, { rollbackData }) => void context.trace.push(`undo ${JSON.stringify(rollbackData)}`),
    });
    const context = new OtherContext();
    const retried = new other.RetryStep(new TimeoutStep(step, { timeoutMs: 100 }));
    const parallel = new ParallelStep([
      other.defineStep({ name: 'child', execute: () => other.StepResult.ok() }) as unknown as BaseStep,
    ]);
    const bad = other.defineStep({ name: 'bad', execute: (own) => (own.setProgress(2, 1), other.StepResult.ok()) });
    const steps = [retried, parallel, bad] as unknown as BaseStep[];
    const { error, report } = await playOn(context as unknown as BaseStepContext, steps);
    expect(report.steps[0]).toMatchObject({ status: 'completed', data: { fine: true } });
    expect(context.trace).toEqual(['undo {"a":1}']);
    expect(other.StepFailedError.is(error)).toBe(true);
    expect(other.SynapseStepsError.is((error as Error).cause)).toBe(true);
    expect(core.BaseStep.is(step)).toBe(true);
    expect(core.StepResult.is(other.StepResult.ok())).toBe(true);
  });

  it('V-4: what only looks like a step or a result is none', () => {
    const looks = {
      name: 'a',
      progressWeight: 1,
      execute: () => StepResult.ok(),
      rollback: () => {},
      canSkip: () => false,
    };
    expect(BaseStep.is(looks)).toBe(false);
    expect(StepResult.is({ success: true, data: {}, rollbackData: {} })).toBe(false);
    for (const odd of [null, undefined, 1, 'x', () => 1])
      expect([BaseStep.is(odd), StepResult.is(odd)]).toEqual([false, false]);
  });
});

describe('V-5: names of wrapped steps', () => {
  it('V-5: LoggingStep and TimingStep prefix the name, from the outside, and all other wrappers keep it', () => {
    const step = traced('x');
    expect(new LoggingStep(step).name).toBe('logged_x');
    expect(new TimingStep(step).name).toBe('timed_x');
    expect(new LoggingStep(new TimingStep(step)).name).toBe('logged_timed_x');
    expect(new RetryStep(new TimeoutStep(new ConfiguredStep(step, {}), { timeoutMs: 1 })).name).toBe('x');
    expect(new RetryStep(new LoggingStep(step)).name).toBe('logged_x');
    expect(new ConfiguredStep(new LoggingStep(step), { name: 'fit' }).name).toBe('fit');
  });
});

describe('V-7: a changed definition', () => {
  const abc = (...names: string[]): BaseStep<TraceContext>[] => names.map((name) => traced(name));
  const crashed = async (): Promise<RunEvent[]> => {
    const { events } = await play(abc('a', 'b', 'c'));
    return events.slice(
      0,
      events.findIndex((event) => event.type === 'step-end' && event.step === 'b'),
    );
  };

  it('V-7: refuses resume and shows the differences, and nothing has started then', async () => {
    const history = await crashed();
    const started: string[] = [];
    const attempt = play([traced('a', { progressWeight: 9 }), traced('new'), traced('b')], {
      history,
      onEvent: ({ type }) => void started.push(type),
    });
    await expect(attempt).rejects.toMatchObject({
      code: 'definition_changed',
      details: { differences: ["'c' is gone", "'new' is new", "the weight of 'a' was 1 and is 9"] },
      message: expect.stringContaining("'c' is gone") as string,
    });
    expect(started).toEqual([]);
  });

  it('V-7: finds what moved and what changed inside a step', async () => {
    const whole = await play([new ParallelStep(abc('x', 'y'), { name: 'p', progressWeight: 1 }), ...abc('b', 'c')]);
    const history = whole.events.slice(0, 2);
    const attempt = play([...abc('c', 'b'), new ParallelStep(abc('x', 'w'), { name: 'p', progressWeight: 1 })], {
      history,
    });
    await expect(attempt).rejects.toMatchObject({
      message: expect.stringMatching(
        /another place.*'p\/y' is gone.*'p\/w' is new|'p\/y' is gone.*'p\/w' is new/,
      ) as string,
    });
  });

  it('V-7: with force it is resumed all the same', async () => {
    const history = await crashed();
    const { report, context, events } = await play(abc('a', 'b', 'new'), { history, force: true });
    expect(report.success).toBe(true);
    expect(context.trace).toEqual(['undo b', 'b', 'new']);
    expect(foldRunEvents([...history, ...events]).report).toEqual(report);
  });

  it('V-7: a later rollback goes on; steps that are gone are reported as failed', async () => {
    const first = await play(abc('a', 'b', 'c'));
    const later = await play(abc('a', 'c'), { history: first.events, rollBack: true });
    expect(later.context.trace).toEqual(['undo c', 'undo a']);
    expect(outcomesOf(later)).toEqual(['c: undone', 'b: failed', 'a: undone']);
    expect(later.report.rollback?.steps[1]?.error).toMatchObject({
      code: 'step_gone',
      message: expect.stringContaining("'b'") as string,
    });
    expect(later.report.status).toBe('rollback-incomplete');
    expect(foldRunEvents([...first.events, ...later.events]).report).toEqual(later.report);
    expect(linesOf(later.events).at(-1)).toBe('run-end');
  });
});
