import { describe, expectTypeOf, it } from 'vitest';
import {
  BaseStep,
  BaseStepContext,
  ConfiguredStep,
  defineStep,
  LoggingStep,
  Orchestrator,
  ParallelStep,
  RetryStep,
  RuntimeContext,
  StepFailedError,
  StepRegistry,
  StepResult,
  TimeoutStep,
  TimingStep,
  ValidationStep,
  type JsonObject,
  type RunEvent,
  type RunReport,
  type StepResultStatus,
  type UndoOutcome,
} from '../src/index.js';
import { recordRun, type RecordedRun } from '../src/testing/index.js';

class Rows extends BaseStepContext {
  rows: string[] = [];
}

class Model extends BaseStepContext {
  weights = 0;
}

class LoadStep extends BaseStep<Rows, { upTo: number }> {
  readonly name = 'load';
  readonly progressWeight = 1;
  execute(context: Rows): StepResult<{ upTo: number }> {
    return StepResult.ok({ rollbackData: { upTo: context.rows.length } });
  }
}

describe('results', () => {
  it('have the undo data of their step, each key of it perhaps missing', () => {
    const result = StepResult.ok({ data: { rows: 3 }, rollbackData: { upTo: 3 } });
    expectTypeOf(result).toEqualTypeOf<StepResult<{ upTo: number }>>();
    expectTypeOf(result.rollbackData.upTo).toEqualTypeOf<number | undefined>();
    expectTypeOf(result.data).toEqualTypeOf<Record<string, unknown>>();
    expectTypeOf(result.error).toEqualTypeOf<string | null>();
    expectTypeOf(result.status).toEqualTypeOf<StepResultStatus | undefined>();
  });

  it('without undo data fit every step', () => {
    expectTypeOf(StepResult.ok()).toExtend<StepResult<{ upTo: number }>>();
    expectTypeOf(StepResult.fail('no')).toExtend<StepResult<{ upTo: number }>>();
    expectTypeOf(StepResult.skip('nothing new')).toExtend<StepResult<{ upTo: number }>>();
  });

  it('refuse undo data that is no JSON', () => {
    // @ts-expect-error a function is no JSON
    StepResult.ok({ rollbackData: { when: () => 1 } });
    // @ts-expect-error a Map is no JSON
    StepResult.ok({ rollbackData: { rows: new Map<string, number>() } });
  });
});

describe('steps', () => {
  it('may be sync or async, and skip with a reason', () => {
    expectTypeOf(defineStep<Rows>).toBeCallableWith({ name: 'a', execute: () => StepResult.ok() });
    expectTypeOf(defineStep<Rows>).toBeCallableWith({
      name: 'a',
      execute: async () => StepResult.ok(),
      canSkip: async () => 'not needed',
    });
    expectTypeOf(defineStep<Rows>).toBeCallableWith({
      name: 'a',
      execute: () => StepResult.ok(),
      rollback: async () => ({ leftBehind: ['a mail'] }),
    });
  });

  it('infer the context of a literal from its annotation', () => {
    const step = defineStep({
      name: 'a',
      execute: (context: Rows) => StepResult.ok({ data: { n: context.rows.length } }),
    });
    expectTypeOf(step).toExtend<BaseStep<Rows>>();
    expectTypeOf<Parameters<(typeof step)['execute']>[0]>().toEqualTypeOf<Rows>();
    expectTypeOf(new StepRegistry<Rows>().register).toBeCallableWith(step);
  });

  it('must return a result', () => {
    // @ts-expect-error a text is no result
    defineStep<Rows>({ name: 'a', execute: () => 'done' });
    // @ts-expect-error nothing is no result
    defineStep<Rows>({ name: 'a', execute: () => {} });
  });

  it('cannot be skipped by a number, nor left behind by one', () => {
    // @ts-expect-error true, false, or a text
    defineStep<Rows>({ name: 'a', execute: () => StepResult.ok(), canSkip: () => 1 });
    // @ts-expect-error texts only
    defineStep<Rows>({ name: 'a', execute: () => StepResult.ok(), rollback: () => ({ leftBehind: [1] }) });
  });

  it('know only fields of their context', () => {
    // @ts-expect-error the context has no columns
    defineStep<Rows>({ name: 'a', execute: (context) => StepResult.ok({ data: { n: context.columns } }) });
  });

  it('declare onInterrupt by one of three words', () => {
    // @ts-expect-error no such word
    defineStep<Rows>({ name: 'a', execute: () => StepResult.ok(), onInterrupt: 'undo' });
  });
});

describe('wrappers', () => {
  const load = new LoadStep();

  it('keep the types of context and undo data, however they are nested', () => {
    expectTypeOf(new RetryStep(load)).toEqualTypeOf<RetryStep<Rows, { upTo: number }>>();
    expectTypeOf(new TimeoutStep(load, { timeoutMs: 1 })).toEqualTypeOf<TimeoutStep<Rows, { upTo: number }>>();
    const nested = new LoggingStep(
      new TimingStep(new RetryStep(new TimeoutStep(new ConfiguredStep(load, {}), { timeoutMs: 1 }))),
    );
    expectTypeOf(nested.inner).toEqualTypeOf<BaseStep<Rows, { upTo: number }>>();
    expectTypeOf<Parameters<(typeof nested)['rollback']>[1]>().toEqualTypeOf<StepResult<{ upTo: number }>>();
    expectTypeOf<Parameters<(typeof nested)['execute']>[0]>().toEqualTypeOf<Rows>();
  });

  it('side by side need one context', () => {
    const steps: BaseStep<Rows>[] = [load, defineStep<Rows>({ name: 'b', execute: () => StepResult.ok() })];
    expectTypeOf(new ParallelStep<Rows>(steps)).toEqualTypeOf<ParallelStep<Rows>>();
    const other = defineStep<Model>({
      name: 'c',
      execute: (context) => StepResult.ok({ data: { w: context.weights } }),
    });
    // @ts-expect-error this one needs weights
    new ParallelStep<Rows>([load, other]);
  });

  it('need their options, of their types', () => {
    // @ts-expect-error no time limit
    new TimeoutStep(load);
    // @ts-expect-error a text is no number
    new RetryStep(load, { attempts: '3' });
  });

  it('validate with a function of the context', () => {
    expectTypeOf(new ValidationStep((context: Rows) => (context.rows.length > 0 ? true : 'no rows'))).toEqualTypeOf<
      ValidationStep<Rows>
    >();
  });
});

describe('registry and orchestrator', () => {
  const registry = new StepRegistry<Rows>();

  it('take steps of a wider context, and none of another', () => {
    const anywhere = defineStep<BaseStepContext>({ name: 'log', execute: () => StepResult.ok() });
    expectTypeOf(registry.register).toBeCallableWith(anywhere);
    const elsewhere = defineStep<Model>({
      name: 'fit',
      execute: (context) => StepResult.ok({ data: { w: context.weights } }),
    });
    // @ts-expect-error its context has weights
    registry.replace('load', new RetryStep(elsewhere));
  });

  it('run over that context and no other', () => {
    expectTypeOf(new Orchestrator(registry, new Rows())).toEqualTypeOf<Orchestrator<Rows>>();
    expectTypeOf<ReturnType<Orchestrator<Rows>['execute']>>().toEqualTypeOf<Promise<RunReport>>();
    // @ts-expect-error a model has no rows
    new Orchestrator(registry, new Model());
  });

  it('report with closed sets of words', () => {
    expectTypeOf<RunReport['steps'][number]['status']>().toEqualTypeOf<
      'pending' | 'running' | 'skipped' | 'completed' | 'failed' | 'unknown'
    >();
    expectTypeOf<NonNullable<RunReport['rollback']>['steps'][number]['outcome']>().toEqualTypeOf<UndoOutcome>();
    expectTypeOf<UndoOutcome>().toEqualTypeOf<
      'undone' | 'failed' | 'irreversible' | 'nothing-to-undo' | 'kept' | 'not-attempted'
    >();
    expectTypeOf<RunReport['success']>().toEqualTypeOf<boolean>();
    expectTypeOf<[RunReport['stepsExecuted'], RunReport['stepsTotal']]>().toEqualTypeOf<[number, number]>();
  });

  it('reject with an error that has the report, found by a guard', () => {
    const error: unknown = undefined;
    if (StepFailedError.is(error)) {
      expectTypeOf(error.report).toEqualTypeOf<RunReport>();
      expectTypeOf(error.step).toEqualTypeOf<string | undefined>();
    }
  });

  it('tell events that narrow by their type', () => {
    const read = (event: RunEvent): void => {
      if (event.type === 'step-retry') expectTypeOf(event.delayMs).toEqualTypeOf<number>();
      if (event.type === 'undo-saved') expectTypeOf(event.data).toExtend<JsonObject>();
      // @ts-expect-error no such event
      if (event.type === 'step-finished') throw new Error(event);
    };
    expectTypeOf(read).toBeFunction();
  });
});

describe('contexts and tests of steps', () => {
  it('carry the type of their client', () => {
    const runtime = new RuntimeContext({ client: { upload: (path: string) => path.length } });
    expectTypeOf(runtime.client).toEqualTypeOf<{ upload: (path: string) => number } | undefined>();
  });

  it('save undo data of any JSON shape, an interface too', () => {
    interface Undo {
      readonly path: string;
    }
    const undo: Undo = { path: 'a' };
    expectTypeOf(new Rows().saveUndo).toBeCallableWith(undo);
    expectTypeOf(new Rows().saveUndo).returns.toEqualTypeOf<Promise<void>>();
    // @ts-expect-error undo data is an object
    void new Rows().saveUndo('text');
  });

  it('record a run of steps of one context', () => {
    expectTypeOf(recordRun([new LoadStep()], new Rows())).toEqualTypeOf<Promise<RecordedRun>>();
    // @ts-expect-error the step needs rows
    void recordRun([new LoadStep()], new Model());
  });
});
