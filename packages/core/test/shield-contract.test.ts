import { describe, expect, it } from 'vitest';

import { foldRunEvents, RetryStep, type RunEvent } from '../src/index.js';
import { MemoryJournal } from '../src/testing/index.js';
import { eventsOf, failing, never, outcomesOf, play, traced, waiting, type TracedOptions } from './contract-steps.js';

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
