import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import {
  BaseStep,
  BaseStepContext,
  defineStep,
  LoggingStep,
  Orchestrator,
  ParallelStep,
  RetryStep,
  RuntimeContext,
  StepRegistry,
  StepResult,
  TimeoutStep,
  TimingStep,
  toErrorRecord,
  ValidationStep,
  type StepFailedError,
} from '../src/index.js';
import { MemoryJournal } from '../src/testing/index.js';
import {
  eventsOf,
  failing,
  never,
  outcomesOf,
  play,
  playOn,
  traced,
  untilAborted,
  type TraceContext,
} from './contract-steps.js';

declare const process: {
  on(event: 'unhandledRejection', listener: (reason: unknown) => void): void;
  off(event: 'unhandledRejection', listener: (reason: unknown) => void): void;
};

const unhandled: unknown[] = [];
const noteUnhandled = (reason: unknown): void => void unhandled.push(reason);

beforeEach(() => {
  unhandled.length = 0;
  process.on('unhandledRejection', noteUnhandled);
});

afterEach(async () => {
  // The host tells of unhandled rejections once the microtasks are done.
  await new Promise<void>((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener('message', () => (port1.close(), resolve()), { once: true });
    port1.start();
    port2.postMessage(undefined);
  });
  process.off('unhandledRejection', noteUnhandled);
  expect(unhandled).toEqual([]);
});

type Wrap = (step: BaseStep<TraceContext>) => BaseStep<TraceContext>;

const ways: Record<string, Wrap> = {
  plain: (step) => step,
  logged: (step) => new LoggingStep(step),
  timed: (step) => new TimingStep(step),
  retried: (step) => new RetryStep(step, { attempts: 2, delayMs: 0 }),
  limited: (step) => new TimeoutStep(step, { timeoutMs: 1000 }),
  'side by side': (step) => new ParallelStep<TraceContext>([step], { name: 'p' }),
};

describe('RB-13: bad steps are refused where they come in', () => {
  const invalid = (problem: RegExp): unknown =>
    expect.objectContaining({ code: 'invalid_step', message: expect.stringMatching(problem) as string });

  it('RB-13: a step without a name, with an empty one, with a slash or of a wrong type', () => {
    for (const name of [undefined, null, '', 'a/b', 7, {}, Symbol('x')] as unknown as string[]) {
      const step = defineStep({ name, execute: () => StepResult.ok() });
      expect(() => new StepRegistry().register(step)).toThrow(invalid(/name/) as Error);
    }
  });

  it('RB-13: something that is no step at all, also inside a wrapper', () => {
    for (const odd of [
      undefined,
      null,
      1,
      'step',
      {},
      [],
      () => 1,
      { name: 'a', execute: () => 1 },
      Object.create(null),
    ] as unknown as BaseStep[]) {
      for (const put of [
        () => new StepRegistry().register(odd),
        () => new RetryStep(odd),
        () => new TimeoutStep(odd, { timeoutMs: 1 }),
        () => new LoggingStep(odd),
        () => new TimingStep(odd),
        () => new ParallelStep([odd]),
      ]) {
        expect(put).toThrow(invalid(/Expected a step/) as Error);
      }
    }
  });

  it('RB-13: a step without execute is told when it is defined or registered, by name', () => {
    for (const parts of [
      {},
      { execute: 'x' },
      { execute: () => StepResult.ok(), rollback: 'x' },
      { execute: () => StepResult.ok(), canSkip: 1 },
    ]) {
      const make = (): unknown => new StepRegistry().register(defineStep({ name: 'load', ...parts } as never));
      expect(make).toThrow(invalid(/'load'/) as Error);
    }
  });

  it('RB-13: a getter of a step that throws, with its name where that can be read', () => {
    class Trap extends BaseStep {
      readonly name = 'trap';
      get progressWeight(): number {
        throw new Error('no weight');
      }
      execute(): StepResult {
        return StepResult.ok();
      }
    }
    expect(() => new StepRegistry().register(new Trap())).toThrow(invalid(/'trap'.*no weight/) as Error);
  });

  it('RB-13: a second execute is refused, and does not disturb the first', async () => {
    const orchestrator = new Orchestrator(
      new StepRegistry().register(defineStep({ name: 'a', execute: () => StepResult.ok() })),
      new BaseStepContext(),
    );
    const first = orchestrator.execute();
    await expect(orchestrator.execute()).rejects.toMatchObject({ code: 'already_run' });
    expect((await first).success).toBe(true);
  });

  it('RB-13: params that are no JSON are refused with their path', () => {
    expect(() => new RuntimeContext({ params: { a: { b: new Map() } } as never })).toThrow(
      expect.objectContaining({ code: 'unserialisable_value', pointer: '/a/b' }),
    );
  });
});

describe('RB-13: whatever a step throws', () => {
  const revoked = (): object => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    return proxy;
  };
  const trap = (): Error =>
    Object.defineProperties(new Error('x'), {
      message: {
        get: () => {
          throw new Error('message trap');
        },
      },
      stack: {
        get: () => {
          throw new Error('stack trap');
        },
      },
      cause: {
        get: () => {
          throw new Error('cause trap');
        },
      },
    });
  const things: Record<string, () => unknown> = {
    undefined: () => undefined,
    null: () => null,
    'a text': () => 'just text',
    'a number': () => 42,
    'a symbol': () => Symbol('s'),
    'an object': () => ({ code: 7 }),
    'an object without a prototype': () => Object.create(null) as object,
    'an error whose getters throw': trap,
    'an error that is its own cause': () => {
      const error = new Error('self');
      error.cause = error;
      return error;
    },
    'a revoked proxy': revoked,
    'a function': () => () => 1,
    'a result': () => StepResult.ok(),
  };

  for (const [what, make] of Object.entries(things)) {
    it(`RB-13: ${what}: it is a failure of that step, by name, and rolls back`, async () => {
      for (const [way, wrap] of Object.entries(ways)) {
        for (const execute of [
          () => {
            throw make();
          },
          () => Promise.reject(make()),
          async () => {
            await Promise.resolve();
            throw make();
          },
        ] as (() => Promise<StepResult>)[]) {
          const journal = new MemoryJournal();
          const played = await play([traced('a'), wrap(traced('bad', { execute }))], { journal });
          const { message } = played.error as StepFailedError;
          expect(message, way).toContain(way === 'side by side' ? "'p/bad'" : "bad'");
          expect(played.context.trace.slice(-2), way).toEqual(['undo bad', 'undo a']);
          expect(played.report.status, way).toBe('rolled-back');
          expect(() => JSON.stringify(played.report), way).not.toThrow();
          expect(journal.events.at(-1)?.type).toBe('run-end');
        }
      }
    });
  }

  it('RB-8: the very thing that was thrown is the cause, whatever it is', async () => {
    for (const thrown of [undefined, null, 0, '', 'text', { odd: true }]) {
      // oxlint-disable-next-line typescript/only-throw-error, typescript/prefer-promise-reject-errors
      const { error } = await play([traced('bad', { execute: () => Promise.reject(thrown) })]);
      expect((error as Error).cause).toBe(thrown);
      expect(toErrorRecord(thrown)).toMatchObject({ name: 'NonError', code: 'thrown_value' });
    }
  });

  it('RB-13: a rollback that throws such a thing has failed, and the next goes on', async () => {
    for (const make of Object.values(things)) {
      const rollback = (): never => {
        throw make();
      };
      const played = await play([traced('a'), failing('b', { rollback })]);
      expect(outcomesOf(played)).toEqual(['b: failed', 'a: undone']);
      expect(played.report.rollback?.steps[0]?.error).toMatchObject({ message: expect.any(String) as string });
    }
  });

  it('RB-13: a canSkip that throws such a thing fails its step', async () => {
    for (const make of Object.values(things)) {
      const canSkip = (): never => {
        throw make();
      };
      const played = await play([traced('a'), traced('b', { canSkip })]);
      expect(played.error).toMatchObject({ step: 'b' });
      expect(played.context.trace).toEqual(['a', 'undo a']);
    }
  });
});

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

describe('CT-2: a step that never settles after a cancel', () => {
  it('CT-2: cannot crash or block the host, in any wrapper, and everything is rolled back', async () => {
    for (const [way, wrap] of Object.entries(ways)) {
      const played = await play([traced('a'), wrap(traced('deaf', { execute: never }))], {
        onEvent: (event, run) =>
          void (event.type === 'step-start' && event.step !== 'a' && queueMicrotask(() => run.cancel('enough'))),
      });
      expect(played.error, way).toMatchObject({ code: 'run_cancelled', cause: 'enough' });
      expect(played.context.trace, way).toEqual(['a', 'deaf', 'undo deaf', 'undo a']);
      expect(played.report.steps.at(-1)?.status, way).toBe('unknown');
      expect(played.clock.waiting, way).toBe(0);
    }
  });

  it('CT-2: one that rejects long after it was given up leaves no unhandled rejection', async () => {
    for (const [way, wrap] of Object.entries(ways)) {
      let reject = (_error: Error): void => {};
      const deaf = traced('deaf', { execute: () => new Promise<never>((_resolve, fail) => (reject = fail)) });
      const played = await play([wrap(deaf)], {
        onEvent: (event, run) => void (event.type === 'step-start' && run.cancel()),
      });
      reject(new Error('much later'));
      expect(played.report.success, way).toBe(false);
    }
  });

  it('CT-2: an undo that rejects after its time limit leaves none either', async () => {
    let reject = (_error: Error): void => {};
    const rollback = (): Promise<void> => new Promise((_resolve, fail) => (reject = fail));
    const played = await play([failing('b', { rollback })], { undo: { timeoutMs: 10 } });
    reject(new Error('much later'));
    expect(outcomesOf(played)).toEqual(['b: failed']);
  });
});

describe('RB-13: observers and callbacks cannot crash the host', () => {
  it('RB-13: an async onProgress that rejects becomes an observer-error', async () => {
    const { report, events } = await play([traced('a'), traced('b')], {
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
      const { report } = await play([traced('a')], { journal: { append: onAppend } as never });
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
