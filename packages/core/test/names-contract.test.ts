import { describe, expect, it } from 'vitest';

import {
  BaseStepContext,
  LoggingStep,
  ParallelStep,
  RetryStep,
  StepRegistry,
  StepResult,
  TimeoutStep,
  type BaseStep,
} from '../src/index.js';
import { eventsOf, failing, linesOf, play, traced, type TraceContext } from './contract-steps.js';

type Step = BaseStep<TraceContext>;

const parallel = (name: string, children: readonly Step[], options: object = {}): ParallelStep<TraceContext> =>
  new ParallelStep<TraceContext>(children, { name, ...options });

describe('CT-5: names in a registry', () => {
  const registry = (): StepRegistry<TraceContext> =>
    new StepRegistry<TraceContext>().register(traced('load')).register(new LoggingStep(traced('fit')));

  it('CT-5: a duplicate name is an error that names both steps, by every way in', () => {
    class LoadFiles extends ParallelStep<TraceContext> {}
    const twin = new LoadFiles([traced('x')], { name: 'load' });
    for (const put of [
      (steps: StepRegistry<TraceContext>) => steps.register(twin),
      (steps: StepRegistry<TraceContext>) => steps.insertBefore('logged_fit', twin),
      (steps: StepRegistry<TraceContext>) => steps.insertAfter('load', twin),
      (steps: StepRegistry<TraceContext>) => steps.replace('logged_fit', twin),
    ]) {
      const steps = registry();
      expect(() => put(steps)).toThrow(expect.objectContaining({ code: 'duplicate_step' }));
      expect(() => put(steps)).toThrow(/'load' \(DefinedStep and LoadFiles\)/);
      expect(steps.getSteps().map(({ name }) => name)).toEqual(['load', 'logged_fit']);
    }
  });

  it('CT-5: a look-up of an unknown name is an error that lists the known ones', () => {
    const steps = registry();
    for (const look of [
      () => steps.get('fit'),
      () => steps.unregister('fit'),
      () => steps.insertBefore('fit', traced('x')),
      () => steps.insertAfter('fit', traced('x')),
      () => steps.replace('fit', traced('x')),
    ]) {
      expect(look).toThrow(
        expect.objectContaining({
          code: 'unknown_step',
          message: expect.stringMatching(/'fit'.*load, logged_fit/) as string,
        }),
      );
    }
    expect(steps.has('fit')).toBe(false);
    expect(() => new StepRegistry().get('x')).toThrow(/none/);
    expect(() => steps.get('loading')).toThrow("named 'loading'. Did you mean 'load'? Registered: load, ");
  });

  it('CT-5: a step may be replaced by one of the same name, and later changes do not reach a run', async () => {
    const steps = registry().replace('load', traced('load'));
    expect(steps.size).toBe(2);
    const copy = steps.getSteps();
    copy.pop();
    expect(steps.size).toBe(2);
  });
});

describe('CT-6: contexts of steps in this process', () => {
  it('CT-6: in sequence steps get the plain context, in canSkip, execute and again after a wrapper', async () => {
    const seen: BaseStepContext[] = [];
    const step = (name: string): Step =>
      traced(name, {
        canSkip: (context) => {
          seen.push(context);
          return false;
        },
        execute: (context) => {
          seen.push(context);
          return StepResult.ok();
        },
      });
    const { context } = await play([step('a'), new LoggingStep(step('b')), step('c')]);
    expect(seen).toHaveLength(6);
    for (const one of seen) expect(one).toBe(context);
  });

  it('CT-6: a parallel child gets a view that knows which step calls; the fields are those of the one context', async () => {
    const child = (name: string): Step =>
      traced(name, {
        async execute(context) {
          await Promise.resolve();
          context.log('here');
          context.setProgress(1, 2);
          await context.saveUndo({ name });
          context.trace = [...context.trace, `${name} is ${context.currentStep}`];
          return StepResult.ok();
        },
      });
    const played = await play([parallel('p', [child('x'), child('y')])]);
    expect(played.context.trace).toEqual(['x', 'y', 'x is p/x', 'y is p/y']);
    for (const type of ['step-log', 'step-progress', 'undo-saved'] as const) {
      expect(eventsOf(played.events, type).map(({ step }) => step)).toEqual(['p/x', 'p/y']);
    }
  });

  it('CT-6: a view is an instance of the class of the context, and its methods and getters work on it', async () => {
    class Counter extends BaseStepContext {
      count = 0;
      get double(): number {
        return this.count * 2;
      }
      add(): void {
        this.count += 1;
        this.log('added', { double: this.double });
      }
    }
    const { defineStep } = await import('../src/index.js');
    const { playOn } = await import('./contract-steps.js');
    const child = (name: string): BaseStep<Counter> =>
      defineStep<Counter>({
        name,
        execute: (context) => {
          context.add();
          return context instanceof Counter ? StepResult.ok() : StepResult.fail('no instance');
        },
      });
    const { context, report, events } = await playOn(new Counter(), [
      new ParallelStep<Counter>([child('x'), child('y')]),
    ]);
    expect(report.success).toBe(true);
    expect(context.count).toBe(2);
    expect(eventsOf(events, 'step-log')).toMatchObject([
      { step: 'parallel/x', data: { double: 2 } },
      { step: 'parallel/y', data: { double: 4 } },
    ]);
  });
});

describe('CT-7: the idempotency key', () => {
  it('CT-7: is runId/step/attempt/execute, or …/rollback, for steps, children and attempts', async () => {
    const keys: string[] = [];
    const note = (name: string, fails = false): Step =>
      traced(name, {
        execute: (context) => {
          keys.push(context.idempotencyKey);
          if (fails && context.attempt === 1) throw new Error('once');
          return StepResult.ok();
        },
        rollback: (context) => void keys.push(context.idempotencyKey),
      });
    const steps = [
      new RetryStep(note('a', true)),
      parallel('p', [new TimeoutStep(note('x'), { timeoutMs: 9 })]),
      failing('z'),
    ];
    const { events } = await play(steps, { runId: 'run-7' });
    expect(linesOf(events).filter((line) => line.startsWith('step-retry'))).toEqual(['step-retry a']);
    expect(keys).toEqual([
      'run-7/a/1/execute',
      'run-7/a/1/rollback',
      'run-7/a/2/execute',
      'run-7/p/x/1/execute',
      'run-7/p/x/1/rollback',
      'run-7/a/2/rollback',
    ]);
  });
});
