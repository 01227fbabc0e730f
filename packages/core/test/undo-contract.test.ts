import { describe, expect, it } from 'vitest';

import { StepResult, SynapseStepsError, type StepResultStatus } from '../src/index.js';
import { ManualClock } from '../src/testing/index.js';
import { eventsOf, failing, never, outcomesOf, play, traced } from './contract-steps.js';

describe('RB-5: rollback receives the result of the step, with a status', () => {
  const received = (): {
    readonly results: Record<string, StepResult>;
    of: (name: string) => StepResult | undefined;
  } => {
    const results: Record<string, StepResult> = {};
    return { results, of: (name) => results[name] };
  };

  it('RB-5: completed, with the very data that execute returned; failed, with the error', async () => {
    const seen = received();
    const note = (name: string) => (_context: unknown, result: StepResult) => void (seen.results[name] = result);
    const ok = StepResult.ok({ data: { rows: 3 } });
    await play([
      traced('done', { execute: () => ok, rollback: note('done') }),
      traced('returned', {
        optional: true,
        execute: () => StepResult.fail('no luck', { data: { tried: 2 } }),
        rollback: note('returned'),
      }),
      failing('threw', { rollback: note('threw') }),
    ]);
    expect(seen.of('done')).toMatchObject({ status: 'completed', success: true, data: { rows: 3 } });
    expect(seen.of('returned')).toMatchObject({
      status: 'failed',
      success: false,
      error: 'no luck',
      data: { tried: 2 },
    });
    expect(seen.of('threw')).toMatchObject({ status: 'failed', success: false, error: 'threw broke' });
  });

  it('RB-5: unknown, for a step that was given up and for one whose error says that nobody knows', async () => {
    const statuses: (StepResultStatus | undefined)[] = [];
    const rollback = (_context: unknown, result: StepResult): void => void statuses.push(result.status);
    const { report } = await play([traced('deaf', { execute: never, rollback })], {
      onEvent: (event, orchestrator) => void (event.type === 'step-start' && orchestrator.cancel('enough')),
    });
    expect(report.steps[0]?.status).toBe('unknown');
    const lost = new SynapseStepsError({ code: 'process_lost', message: 'the process is gone', outcomeUnknown: true });
    await play([traced('lost', { execute: () => Promise.reject(lost), rollback })]);
    expect(statuses).toEqual(['unknown', 'unknown']);
  });

  it('RB-5: the status is set by the orchestrator, whatever the step wrote into its result', async () => {
    let status: unknown;
    const lying = StepResult.ok();
    lying.status = 'failed';
    await play([
      traced('a', { execute: () => lying, rollback: (_context, result) => void (status = result.status) }),
      failing('b'),
    ]);
    expect(status).toBe('completed');
  });

  it('RB-5: a step that canSkip skipped is never rolled back, neither is one that skipped itself with nothing saved', async () => {
    const played = await play([
      traced('unneeded', { canSkip: () => true }),
      traced('idle', { execute: () => StepResult.skip('nothing new') }),
      failing('b'),
    ]);
    expect(played.context.trace).toEqual(['idle', 'b', 'undo b']);
    expect(outcomesOf(played)).toEqual(['b: undone']);
    expect(played.report.steps.map(({ status }) => status)).toEqual(['skipped', 'skipped', 'failed']);
  });

  it('RB-5: one that returns skip from execute is rolled back if it had saved undo data', async () => {
    let given: unknown;
    const step = traced('half', {
      async execute(context) {
        await context.saveUndo({ opened: true });
        return StepResult.skip('nothing new');
      },
      rollback: (_context, result) => void (given = result.rollbackData),
    });
    const { context } = await play([step, failing('b')]);
    expect(context.trace).toEqual(['half', 'b', 'undo b', 'undo half']);
    expect(given).toEqual({ opened: true });
  });
});

describe('RB-6: an undo has its own tries, pauses and time limit', () => {
  it('RB-6: by default three tries, with a pause of one second and then of two', async () => {
    const clock = new ManualClock();
    const at: number[] = [];
    const step = failing('a', {
      rollback: () => {
        at.push(clock.now());
        throw new Error('cannot undo');
      },
    });
    const played = await play([step], { clock, undo: {} });
    expect(at).toEqual([0, 1000, 3000]);
    expect(played.report.rollback?.steps).toMatchObject([{ name: 'a', outcome: 'failed', tries: 3 }]);
    expect(eventsOf(played.events, 'undo-end').map(({ undoAttempt, outcome }) => [undoAttempt, outcome])).toEqual([
      [1, 'failed'],
      [2, 'failed'],
      [3, 'failed'],
    ]);
  });

  it('RB-6: the first try that works ends them', async () => {
    let tries = 0;
    const rollback = async (): Promise<void> => {
      tries += 1;
      if (tries < 2) throw new Error('not yet');
    };
    const { report } = await play([failing('a', { rollback })], { undo: { tries: 5, delayMs: 10 } });
    expect(tries).toBe(2);
    expect(report.rollback).toMatchObject({ complete: true, steps: [{ outcome: 'undone', tries: 2 }] });
    expect(report.rollback?.steps[0]).not.toHaveProperty('error');
  });

  it('RB-6: the idempotency key is the same in every try, and no other undo has it', async () => {
    const keys: string[] = [];
    const undoAttempts: number[] = [];
    const rollback = (context: { idempotencyKey: string; undoAttempt: number }): void => {
      keys.push(context.idempotencyKey);
      undoAttempts.push(context.undoAttempt);
      if (keys.length < 3) throw new Error('again');
    };
    await play([traced('a', { rollback }), failing('b', { rollback })], { runId: 'r1' });
    expect(keys).toEqual(['r1/b/1/rollback', 'r1/b/1/rollback', 'r1/b/1/rollback', 'r1/a/1/rollback']);
    expect(undoAttempts).toEqual([1, 2, 3, 1]);
  });

  it('RB-6: a try has five minutes; one that timed out is not repeated, and the next undo goes on', async () => {
    const clock = new ManualClock();
    const aborted: unknown[] = [];
    const stuck = failing('b', {
      rollback: (context) => {
        context.signal.addEventListener('abort', () => aborted.push(context.signal.reason));
        return never();
      },
    });
    const played = await play([traced('a'), stuck], { clock, undo: {} });
    expect(clock.now()).toBe(300_000);
    expect(played.context.trace).toEqual(['a', 'b', 'undo b', 'undo a']);
    expect(played.report.rollback?.steps[0]).toMatchObject({
      tries: 1,
      outcome: 'failed',
      error: { code: 'undo_timeout' },
    });
    expect(aborted).toMatchObject([{ code: 'undo_timeout' }]);
  });

  it('RB-6: what an undo does after its time limit is refused by its context and changes no outcome', async () => {
    let end = (): void => {};
    let late: unknown;
    const rollback = (context: { log: (event: string) => void }): Promise<void> =>
      new Promise<void>((resolve) => (end = resolve)).then(() => {
        try {
          context.log('late');
        } catch (error) {
          late = error;
        }
      });
    const steps = [traced('a', { rollback: () => end() }), failing('b', { rollback })];
    const played = await play(steps, { undo: { timeoutMs: 100 } });
    expect(outcomesOf(played)).toEqual(['b: failed', 'a: undone']);
    expect(late).toMatchObject({ code: 'call_closed' });
  });
});
