import { describe, expect, it } from 'vitest';

import { foldRunEvents, RetryStep, StepResult, type RunEvent, type StepFailedError } from '../src/index.js';
import { MemoryJournal } from '../src/testing/index.js';
import {
  eventsOf,
  failing,
  linesOf,
  never,
  outcomesOf,
  play,
  traced,
  waiting,
  type TracedOptions,
} from './contract-steps.js';

const isUndoOf = (event: RunEvent, step: string): boolean => event.type === 'undo-start' && event.step === step;

describe('RB-9: rollback is shielded from cancellation', () => {
  it('RB-9: the first cancel starts it; later ones are recorded and change nothing', async () => {
    const signals: boolean[] = [];
    const rollback = async (context: { signal: AbortSignal }): Promise<void> => {
      await Promise.resolve();
      signals.push(context.signal.aborted);
    };
    const played = await play([traced('a', { rollback }), traced('b', { rollback }), waiting('c', { rollback })], {
      onEvent: (event, orchestrator) => {
        if (event.type === 'step-start' && event.step === 'c') orchestrator.cancel('first');
        if (event.type === 'undo-start') orchestrator.cancel(`during ${event.step}`);
      },
    });
    expect(outcomesOf(played)).toEqual(['c: undone', 'b: undone', 'a: undone']);
    expect(signals).toEqual([false, false, false]);
    expect(eventsOf(played.events, 'run-cancel').map(({ reason }) => reason)).toEqual([
      'first',
      'during c',
      'during b',
      'during a',
    ]);
    expect(played.error).toMatchObject({ cause: 'first' });
    expect(played.report.status).toBe('rolled-back');
  });

  it('RB-9: a cancel during the rollback of a failure leaves it the rollback of that failure', async () => {
    const { error, report } = await play([traced('a'), failing('b')], {
      onEvent: (event, orchestrator) => void (isUndoOf(event, 'b') && orchestrator.cancel('too late')),
    });
    expect(error).toMatchObject({ code: 'step_failed', message: "Step 'b' failed: b broke" });
    expect(report.status).toBe('rolled-back');
  });

  it('RB-9: the signal that was handed in changes nothing either, once the rollback runs', async () => {
    const controller = new AbortController();
    let aborted: boolean | undefined;
    const rollback = (context: { signal: AbortSignal }): void => {
      controller.abort('too late');
      aborted = context.signal.aborted;
    };
    const played = await play([traced('a'), failing('b', { rollback })], { signal: controller.signal });
    expect(aborted).toBe(false);
    expect(outcomesOf(played)).toEqual(['b: undone', 'a: undone']);
    expect(eventsOf(played.events, 'run-cancel')).toHaveLength(1);
  });

  it('RB-9: an undo of an optional step, or between two attempts, is not reached by a cancel either', async () => {
    for (const wrap of [
      (options: TracedOptions) => failing('b', { ...options, optional: true }),
      (options: TracedOptions) => new RetryStep(failing('b', options)),
    ]) {
      let aborted: boolean | undefined;
      const rollback = async (context: { signal: AbortSignal }): Promise<void> => {
        await Promise.resolve();
        aborted = context.signal.aborted;
      };
      const played = await play([traced('a'), wrap({ rollback }), traced('c')], {
        onEvent: (event, orchestrator) => void (isUndoOf(event, 'b') && orchestrator.cancel('meanwhile')),
      });
      expect(aborted).toBe(false);
      expect(played.context.trace).toEqual(['a', 'b', 'undo b', 'undo a']);
      expect(played.error).toMatchObject({ code: 'run_cancelled', cause: 'meanwhile' });
    }
  });

  it('RB-9: abandon() stops it, also a running undo, and the report says what was not attempted', async () => {
    for (const during of [queueMicrotask, (abandon: () => void) => abandon()]) {
      let reason: unknown;
      const stuck = failing('c', {
        rollback: (context) => {
          context.signal.addEventListener('abort', () => void (reason = context.signal.reason));
          context.log('stuck');
          return never();
        },
      });
      const played = await play([traced('a'), traced('b'), stuck], {
        undo: { timeoutMs: 1e9 },
        onEvent: (event, orchestrator) => void (event.type === 'step-log' && during(() => orchestrator.abandon())),
      });
      expect(outcomesOf(played)).toEqual(['c: failed', 'b: not-attempted', 'a: not-attempted']);
      expect(played.context.trace).toEqual(['a', 'b', 'c', 'undo c']);
      expect(played.report.status).toBe('rollback-abandoned');
      expect(reason).toMatchObject({ code: 'undo_abandoned' });
      expect(played.clock.waiting).toBe(0);
    }
  });

  it('RB-9: an undo whose start was still being recorded when the rollback was abandoned is not attempted', async () => {
    const journal = new MemoryJournal();
    const played = await play([traced('a'), failing('b')], {
      journal,
      onEvent: (event, orchestrator) => void (isUndoOf(event, 'b') && queueMicrotask(() => orchestrator.abandon())),
    });
    expect(played.context.trace).toEqual(['a', 'b']);
    expect(outcomesOf(played)).toEqual(['b: not-attempted', 'a: not-attempted']);
    expect(foldRunEvents(journal.events).report).toEqual(played.report);
  });

  it('RB-9: abandon() also ends the pause between two tries of an undo', async () => {
    const broken = failing('b', { rollback: () => Promise.reject(new Error('no')) });
    const played = await play([traced('a'), broken], {
      undo: { delayMs: 1e9 },
      onEvent: (event, orchestrator) =>
        void (event.type === 'undo-end' && queueMicrotask(() => orchestrator.abandon())),
    });
    expect(outcomesOf(played)).toEqual(['b: failed', 'a: not-attempted']);
    expect(played.clock.now()).toBe(0);
  });

  it('RB-9: abandon() does nothing while no rollback is under way', async () => {
    const played = await play([traced('a'), failing('b')], {
      onEvent: (event, orchestrator) => void (event.type === 'step-start' && orchestrator.abandon()),
    });
    expect(outcomesOf(played)).toEqual(['b: undone', 'a: undone']);
  });

  it('RB-9: abandon() after the last undo has ended leaves the rollback what it is: complete', async () => {
    const played = await play([traced('a'), failing('b')], {
      onEvent: (event, orchestrator) =>
        void (event.type === 'undo-end' && event.step === 'a' && orchestrator.abandon()),
    });
    expect(outcomesOf(played)).toEqual(['b: undone', 'a: undone']);
    expect(played.report.status).toBe('rolled-back');
  });
});

describe('RB-11: failures that a run survives', () => {
  it('RB-11: a failure that a step handles itself starts no rollback', async () => {
    const step = traced('a', {
      execute: async () => {
        await Promise.reject(new Error('inside')).catch(() => 'handled');
        return StepResult.ok();
      },
    });
    const { report, events } = await play([step, traced('b')]);
    expect(report).toMatchObject({ status: 'succeeded', success: true });
    expect(report).not.toHaveProperty('rollback');
    expect(linesOf(events)).not.toContain('rollback-start');
  });

  it('RB-11: a failed optional step is undone at once, counts as finished for progress, and the run goes on', async () => {
    const percents: number[] = [];
    const played = await play([traced('a'), failing('b', { optional: true }), traced('c'), traced('d')], {
      onProgress: (percent) => void percents.push(percent),
    });
    expect(played.context.trace).toEqual(['a', 'b', 'undo b', 'c', 'd']);
    expect(percents).toEqual([25, 50, 75, 100]);
    expect(played.report).toMatchObject({ status: 'succeeded', rollback: { complete: true, steps: [{ name: 'b' }] } });
    expect(played.report.steps[1]).toMatchObject({ status: 'failed', error: { message: 'b broke' } });
  });

  it('RB-11: an optional step whose undo fails is tried again with the rollback of the run, in its place', async () => {
    let tries = 0;
    const rollback = (): void => {
      tries += 1;
      if (tries < 4) throw new Error('not yet');
    };
    const played = await play([traced('a'), failing('b', { optional: true, rollback }), traced('c'), failing('d')]);
    expect(tries).toBe(4);
    expect(outcomesOf(played)).toEqual(['d: undone', 'c: undone', 'b: undone', 'a: undone']);
    expect(played.report.status).toBe('rolled-back');
    expect(played.report.rollback?.steps[2]?.tries).toBe(4);
  });

  it('RB-11: an optional step that was undone is not undone again by a later rollback', async () => {
    const played = await play([failing('b', { optional: true }), failing('d')]);
    expect(played.context.trace).toEqual(['b', 'undo b', 'd', 'undo d']);
  });

  it('RB-11: a run that succeeds although such an undo failed says so in its report', async () => {
    const rollback = (): never => {
      throw new Error('never');
    };
    const played = await play([failing('b', { optional: true, rollback }), traced('c')]);
    expect(played.report).toMatchObject({ status: 'succeeded', success: true, rollback: { complete: false } });
    expect(outcomesOf(played)).toEqual(['b: failed']);
  });

  it('RB-11: an optional step whose canSkip throws is passed over, without an undo', async () => {
    const canSkip = (): never => {
      throw new Error('cannot tell');
    };
    const played = await play([traced('b', { optional: true, canSkip }), traced('c')]);
    expect(played.context.trace).toEqual(['c']);
    expect(played.report).toMatchObject({ status: 'succeeded', steps: [{ status: 'failed', attempts: 0 }, {}] });
  });

  it('RB-11: a cancel in an optional step is never optional', async () => {
    const { error, context } = await play([traced('a'), waiting('b', { optional: true }), traced('c')], {
      onEvent: (event, orchestrator) =>
        void (event.type === 'step-start' && event.step === 'b' && orchestrator.cancel('enough')),
    });
    expect(error).toMatchObject({ code: 'run_cancelled' });
    expect(context.trace).toEqual(['a', 'b', 'undo b', 'undo a']);
  });
});

describe('RB-13: whatever goes wrong around a step', () => {
  it('RB-13: a canSkip that throws, or rejects, is a failure of that step; it is not itself undone', async () => {
    for (const canSkip of [
      () => {
        throw new Error('cannot tell');
      },
      () => Promise.reject(new Error('cannot tell')),
    ]) {
      const played = await play([traced('a'), traced('b', { canSkip })]);
      expect(played.context.trace).toEqual(['a', 'undo a']);
      expect(played.error).toMatchObject({ message: "Step 'b' failed: cannot tell", step: 'b' });
      expect(outcomesOf(played)).toEqual(['a: undone']);
      expect(linesOf(played.events)).not.toContain('step-start b');
    }
  });

  it('RB-13: something that is no result fails the step and rolls back', async () => {
    for (const odd of [undefined, null, true, 42, 'ok', { success: true }, [], new Map()]) {
      for (const execute of [() => odd, () => Promise.resolve(odd)] as unknown as (() => StepResult)[]) {
        const played = await play([traced('a'), traced('b', { execute })]);
        expect(played.error).toMatchObject({ step: 'b', cause: { code: 'invalid_result' } });
        expect((played.error as StepFailedError).message).toContain("'b' returned");
        expect(played.context.trace).toEqual(['a', 'b', 'undo b', 'undo a']);
      }
    }
  });

  it('RB-13: an observer that throws or rejects becomes an observer-error event, and the run goes on', async () => {
    const thrown = await play([traced('a')], {
      onEvent: (event) => {
        if (event.type === 'step-start') throw new Error('bad reader');
      },
      onProgress: () => {
        throw new Error('bad callback');
      },
    });
    expect(thrown.report.status).toBe('succeeded');
    // The reader that throws is not told of its own error; the one beside it is.
    expect(eventsOf(thrown.events, 'observer-error').map(({ error }) => error.message)).toEqual(['bad callback']);
  });
});

describe('RB-14: a pivot is the point of no return', () => {
  it('RB-14: once completed, a later failure keeps it and everything before it', async () => {
    const played = await play([traced('a'), traced('publish', { pivot: true }), traced('c'), failing('d')]);
    expect(played.context.trace).toEqual(['a', 'publish', 'c', 'd', 'undo d', 'undo c']);
    expect(outcomesOf(played)).toEqual(['d: undone', 'c: undone', 'publish: kept', 'a: kept']);
    expect(played.report).toMatchObject({ status: 'rollback-incomplete', rollback: { complete: false } });
    expect(eventsOf(played.events, 'undo-end').slice(-2)).toMatchObject([
      { step: 'publish', outcome: 'kept', undoAttempt: 0 },
      { step: 'a', outcome: 'kept', undoAttempt: 0 },
    ]);
  });

  it('RB-14: a later cancel keeps them too', async () => {
    const played = await play([traced('publish', { pivot: true }), waiting('c')], {
      onEvent: (event, orchestrator) =>
        void (event.type === 'step-start' && event.step === 'c' && orchestrator.cancel('enough')),
    });
    expect(outcomesOf(played)).toEqual(['c: undone', 'publish: kept']);
  });

  it('RB-14: a pivot that fails is undone like any step, and so is all before it', async () => {
    const played = await play([traced('a'), failing('publish', { pivot: true })]);
    expect(outcomesOf(played)).toEqual(['publish: undone', 'a: undone']);
    expect(played.report.status).toBe('rolled-back');
  });

  it('RB-14: a pivot that was skipped keeps nothing', async () => {
    const played = await play([traced('a'), traced('publish', { pivot: true, canSkip: () => true }), failing('c')]);
    expect(outcomesOf(played)).toEqual(['c: undone', 'a: undone']);
  });

  it('RB-14: rollback on demand stops at it too, unless forced', async () => {
    const first = await play([traced('a'), traced('publish', { pivot: true }), traced('c')]);
    const steps = [traced('a'), traced('publish', { pivot: true }), traced('c')];
    const kept = await play(steps, { history: first.events, rollBack: true });
    expect(outcomesOf(kept)).toEqual(['c: undone', 'publish: kept', 'a: kept']);
    const history = [...first.events, ...kept.events];
    const forced = await play(steps, { history, rollBack: true, force: true });
    expect(forced.context.trace).toEqual(['undo publish', 'undo a']);
    expect(outcomesOf(forced)).toEqual(['c: undone', 'publish: undone', 'a: undone']);
    expect(forced.report.status).toBe('rolled-back');
  });
});

describe('RB-15: what an undo could not remove', () => {
  it('RB-15: leftBehind makes the outcome irreversible, and events and report list it', async () => {
    const rollback = (): { leftBehind: string[] } => ({ leftBehind: ['the mail to anna', 'a log line'] });
    const played = await play([traced('a'), failing('b', { rollback })]);
    expect(outcomesOf(played)).toEqual(['b: irreversible', 'a: undone']);
    expect(played.report.rollback).toMatchObject({
      complete: false,
      steps: [{ leftBehind: ['the mail to anna', 'a log line'] }, { leftBehind: [] }],
    });
    expect(eventsOf(played.events, 'undo-end')[0]).toMatchObject({
      outcome: 'irreversible',
      leftBehind: ['the mail to anna', 'a log line'],
    });
    expect(played.report.status).toBe('rollback-incomplete');
  });

  it('RB-15: an empty list, an empty object and nothing at all are a clean undo', async () => {
    for (const returned of [{ leftBehind: [] }, {}, undefined]) {
      const played = await play([failing('b', { rollback: () => returned })]);
      expect(outcomesOf(played)).toEqual(['b: undone']);
    }
  });
});
