import { describe, expect, it } from 'vitest';

import {
  type BaseStep,
  BaseStepContext,
  defineStep,
  LoggingStep,
  Orchestrator,
  ParallelStep,
  RetryStep,
  StepRegistry,
  StepResult,
  TimeoutStep,
  TimingStep,
  ValidationStep,
} from '../src/index.js';
import {
  eventsOf,
  failing,
  outcomesOf,
  play,
  playOn,
  traced,
  untilAborted,
  type TraceContext,
} from './contract-steps.js';
import { refuseUnhandledRejections } from './unhandled-rejections.js';

refuseUnhandledRejections();

type Wrap = (step: BaseStep<TraceContext>) => BaseStep<TraceContext>;

const ways: Record<string, Wrap> = {
  plain: (step) => step,
  logged: (step) => new LoggingStep(step),
  timed: (step) => new TimingStep(step),
  retried: (step) => new RetryStep(step, { attempts: 2, delayMs: 0 }),
  limited: (step) => new TimeoutStep(step, { timeoutMs: 1000 }),
  'side by side': (step) => new ParallelStep<TraceContext>([step], { name: 'p' }),
};

describe('RB-13: whatever a step returns', () => {
  class Trapped extends StepResult {
    constructor(field: keyof StepResult) {
      super();
      Object.defineProperty(this, field, {
        get: () => {
          throw new Error(`${String(field)} trap`);
        },
      });
    }
  }

  it('RB-13: something that is no result fails the step in every wrapper, by name', async () => {
    for (const [way, wrap] of Object.entries(ways)) {
      for (const odd of [undefined, null, 1, 'ok', {}, [], { success: true }] as unknown as StepResult[]) {
        const played = await play([traced('a'), wrap(traced('bad', { execute: async () => odd }))]);
        expect((played.error as Error).message, way).toMatch(/bad'/);
        expect((played.error as Error).message, way).toMatch(/instead of a StepResult/);
        expect(played.context.trace.slice(-2), way).toEqual(['undo bad', 'undo a']);
      }
    }
  });

  it('RB-13: a result whose getter throws fails the step and rolls back', async () => {
    for (const field of ['success', 'data', 'error', 'rollbackData', 'skipped', 'cause'] as const) {
      const played = await play([traced('a'), traced('bad', { execute: () => new Trapped(field) })]);
      if (field === 'error' || field === 'cause') {
        expect(played.report.success).toBe(true);
        continue;
      }
      expect(played.error, field).toMatchObject({
        code: 'step_failed',
        step: 'bad',
        message: `Step 'bad' failed: ${field} trap`,
      });
      expect(played.context.trace, field).toEqual(['a', 'bad', 'undo bad', 'undo a']);
    }
  });

  it('RB-13: a result whose fields have wrong types fails the step', async () => {
    for (const fields of [
      { data: 'text' },
      { data: null },
      { data: [1] },
      { rollbackData: 'text' },
      { rollbackData: [1] },
    ]) {
      const played = await play([
        traced('a'),
        traced('bad', { execute: () => Object.assign(StepResult.ok(), fields) }),
      ]);
      expect(played.error).toMatchObject({ code: 'step_failed', step: 'bad' });
      expect(played.context.trace).toEqual(['a', 'bad', 'undo bad', 'undo a']);
    }
  });

  it('RB-13: a frozen result is as good as any other', async () => {
    let given: unknown;
    const frozen = (name: string, result: StepResult): BaseStep<TraceContext> =>
      traced(name, { execute: () => Object.freeze(result), rollback: (_context, { status }) => void (given = status) });
    const played = await play([frozen('a', StepResult.ok({ data: { n: 1 } })), frozen('b', StepResult.fail('no'))]);
    expect(played.error).toMatchObject({ message: "Step 'b' failed: no" });
    expect(played.report.steps[0]).toMatchObject({ status: 'completed', data: { n: 1 } });
    expect(outcomesOf(played)).toEqual(['b: undone', 'a: undone']);
    expect(given).toBe('completed');
    const retried = await play([new RetryStep(frozen('b', StepResult.fail('no')), { attempts: 2, delayMs: 0 })]);
    expect(retried.report.steps[0]).toMatchObject({ status: 'failed', attempts: 2, error: { message: 'no' } });
  });

  it('RB-13: a thenable that throws, or settles twice, is handled like any promise', async () => {
    const throwing = {
      then: () => {
        throw new Error('bad thenable');
      },
    } as unknown as Promise<StepResult>;
    expect((await play([traced('a'), traced('bad', { execute: () => throwing })])).error).toMatchObject({
      message: "Step 'bad' failed: bad thenable",
    });
    const twice = {
      then: (resolve: (value: StepResult) => void, reject: (error: unknown) => void) => (
        resolve(StepResult.ok()),
        reject(new Error('again'))
      ),
    } as unknown as Promise<StepResult>;
    expect((await play([traced('a', { execute: () => twice })])).report.success).toBe(true);
  });

  it('RB-15: a leftBehind that is no list of texts is a failure of that undo, and the next goes on', async () => {
    for (const odd of ['text', 7, true] as never[]) {
      expect(outcomesOf(await play([failing('b', { rollback: () => odd })]))).toEqual(['b: undone']);
    }
    for (const odd of [
      { leftBehind: 5 },
      { leftBehind: 'a text' },
      { leftBehind: [1, {}] },
      { leftBehind: {} },
    ] as never[]) {
      const played = await play([traced('a'), failing('b', { rollback: () => odd })]);
      expect(outcomesOf(played)).toEqual(['b: failed', 'a: undone']);
      expect(played.report.rollback?.steps[0]?.error).toMatchObject({
        code: 'invalid_result',
        message: expect.stringContaining("'b'") as string,
      });
    }
  });

  it('RB-13: a canSkip that returns an odd value counts by its truth', async () => {
    const odd = (value: unknown) => traced('b', { canSkip: () => value as boolean });
    expect((await play([odd(0), odd(undefined)].slice(0, 1))).context.trace).toEqual(['b']);
    expect((await play([odd({})])).context.trace).toEqual([]);
  });
});

describe('RB-13: observers and callbacks cannot crash the host', () => {
  it('RB-13: an async onProgress that rejects becomes an observer-error', async () => {
    const { report, events } = await play([traced('a'), traced('b')], {
      // oxlint-disable-next-line typescript/no-misused-promises
      onProgress: async () => Promise.reject(new Error('bad callback')),
    });
    expect(report.success).toBe(true);
    expect(eventsOf(events, 'observer-error').length).toBeGreaterThan(0);
  });

  it('RB-13: an async reader that rejects becomes an observer-error', async () => {
    const orchestrator = new Orchestrator(
      new StepRegistry().register(defineStep({ name: 'a', execute: async () => StepResult.ok() })),
      new BaseStepContext(),
    );
    const errors: string[] = [];
    orchestrator.events.subscribe((event) =>
      event.type === 'run-start' ? Promise.reject(new Error('bad reader')) : undefined,
    );
    orchestrator.events.subscribe(
      (event) => void (event.type === 'observer-error' && errors.push(event.error.message)),
    );
    expect((await orchestrator.execute()).success).toBe(true);
    expect(errors).toEqual(['bad reader']);
  });

  it('RB-13: cancel reasons may be anything', async () => {
    for (const reason of [undefined, null, 0, '', Symbol('s'), Object.create(null), new Error('e')] as unknown[]) {
      const step = traced('a', { execute: (context) => untilAborted(context.signal) });
      const { error, events } = await play([step], {
        onEvent: (event, run) => void (event.type === 'step-start' && queueMicrotask(() => run.cancel(reason))),
      });
      expect(error).toMatchObject({ code: 'run_cancelled' });
      if (reason !== undefined) expect((error as Error).cause).toBe(reason);
      expect(eventsOf(events, 'run-cancel')).toMatchObject([{ reason: expect.any(String) as string }]);
    }
  });

  it('RB-13: a journal that throws instead of rejecting, or rejects with undefined, is a failed write', async () => {
    for (const onAppend of [
      () => {
        throw new Error('sync');
      },
      // oxlint-disable-next-line typescript/prefer-promise-reject-errors
      () => Promise.reject(undefined),
    ]) {
      const { report } = await play([traced('a')], { journal: { append: onAppend } });
      expect(report.status).toBe('interrupted');
    }
  });

  it('RB-13: a validator that throws, or returns an odd value, fails its step by name', async () => {
    const throwing = new ValidationStep<TraceContext>(
      () => {
        throw new Error('no rule');
      },
      { name: 'check' },
    );
    expect((await play([traced('a'), throwing])).error).toMatchObject({ message: "Step 'check' failed: no rule" });
  });

  it('RB-13: a context without a runtime context is one with nothing in it', async () => {
    const { report } = await playOn(new BaseStepContext(), [
      defineStep({ name: 'a', execute: (context) => StepResult.ok({ data: { params: context.params } }) }),
    ]);
    expect(report.steps[0]?.data).toEqual({ params: {} });
  });
});
