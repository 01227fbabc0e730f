import { describe, expect, it } from 'vitest';

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
  type StepFailedError,
} from '../src/index.js';
import { MemoryJournal } from '../src/testing/index.js';
import { failing, never, outcomesOf, play, traced, type TraceContext } from './contract-steps.js';
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

describe('RB-13: bad steps are refused where they come in', () => {
  const invalid = (problem: RegExp): Error =>
    expect.objectContaining({ code: 'invalid_step', message: expect.stringMatching(problem) as string }) as Error;

  it('RB-13: a step without a name, with an empty one, with a slash or of a wrong type', () => {
    for (const name of [undefined, null, '', 'a/b', 7, {}, Symbol('x')] as unknown as string[]) {
      const step = defineStep({ name, execute: () => StepResult.ok() });
      expect(() => new StepRegistry().register(step)).toThrow(invalid(/name/));
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
        expect(put).toThrow(invalid(/Expected a step/));
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
      expect(make).toThrow(invalid(/'load'/));
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
    expect(() => new StepRegistry().register(new Trap())).toThrow(invalid(/'trap'.*no weight/));
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
          // oxlint-disable-next-line typescript/prefer-promise-reject-errors
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
