import { describe, expect, it } from 'vitest';

import {
  foldRunEvents,
  JournalWriteError,
  ParallelStep,
  RunInterruptedError,
  StepResult,
  type RunEvent,
} from '../src/index.js';
import { MemoryJournal } from '../src/testing/index.js';
import type { TraceContext } from './contract-steps.js';
import { failing, linesOf, outcomesOf, play, traced, untilAborted, waiting } from './contract-steps.js';
import { refuseUnhandledRejections } from './unhandled-rejections.js';

refuseUnhandledRejections();

const full = new Error('the disk is full');

/** A journal that refuses every commit with an event that `refuses` picks, as long as it does. */
function refusing(refuses: (event: RunEvent) => boolean): MemoryJournal {
  const journal = new MemoryJournal();
  journal.onAppend = (events) => {
    if (events.some(refuses)) throw full;
  };
  return journal;
}

describe('J-1: a journal write that fails', () => {
  it('J-1: going forwards it fails the current step: saveUndo rejects before the effect', async () => {
    let effect = false;
    const journal = refusing(({ type }) => type === 'undo-saved');
    const step = traced('b', {
      async execute(context) {
        await context.saveUndo({ id: 1 });
        effect = true;
        return StepResult.ok();
      },
    });
    const { error } = await play([traced('a'), step], { journal });
    expect(effect).toBe(false);
    expect(error).toMatchObject({
      report: { steps: [{ status: 'completed' }, { status: 'failed', error: { code: 'journal_write_failed' } }] },
    });
  });

  it('J-1: one that fails once is told at the step, names its cause, and the rollback goes on', async () => {
    let failed = false;
    const journal = refusing(({ type }) => type === 'undo-saved' && !failed && (failed = true));
    const step = traced('b', {
      async execute(context) {
        await context.saveUndo({ id: 1 });
        return StepResult.ok();
      },
    });
    const played = await play([traced('a'), step], { journal });
    expect(played.error).toMatchObject({ step: 'b', cause: { code: 'journal_write_failed', cause: full } });
    expect(outcomesOf(played)).toEqual(['b: undone', 'a: undone']);
    expect(played.report.status).toBe('rolled-back');
    expect(foldRunEvents(journal.events).report).toEqual(played.report);
  });

  it('J-1: a step whose start cannot be recorded is not entered', async () => {
    const journal = refusing((event) => event.type === 'step-start' && event.step === 'b');
    const { context, error } = await play([traced('a'), traced('b')], { journal });
    expect(context.trace).not.toContain('b');
    expect(error).toMatchObject({ report: { status: 'interrupted' } });
  });

  it('J-1: an end of the last step that cannot be recorded is no success', async () => {
    const journal = refusing((event) => event.type === 'step-end');
    const { report, error } = await play([traced('a')], { journal });
    expect(report.success).toBe(false);
    expect(RunInterruptedError.is(error)).toBe(true);
  });

  it('J-1: during rollback it stops before the next undo, and the run ends interrupted', async () => {
    const journal = refusing((event) => event.type === 'undo-end' && event.step === 'c');
    const steps = [traced('a'), traced('b'), failing('c')];
    const { context, report, error } = await play(steps, { journal });
    expect(context.trace).toEqual(['a', 'b', 'c', 'undo c']);
    expect(report.status).toBe('interrupted');
    expect(RunInterruptedError.is(error)).toBe(true);
    expect(error).toMatchObject({ cause: { code: 'journal_write_failed', cause: full } });
    journal.onAppend = () => {};
    const resumed = await play([traced('a'), traced('b'), failing('c')], { journal, history: journal.events });
    expect(resumed.context.trace).toEqual(['a', 'b', 'c', 'undo c', 'undo b', 'undo a']);
    expect(resumed.report.status).toBe('rolled-back');
  });

  it('J-1: an undo between two runs of an optional step obeys too', async () => {
    const journal = refusing(({ type }) => type === 'undo-start');
    const { context, report } = await play([traced('a'), failing('b', { optional: true }), traced('c')], { journal });
    expect(context.trace).toEqual(['a', 'b']);
    expect(report.status).toBe('interrupted');
  });

  it('J-1: a saveUndo that could not be recorded fails the step also when nobody waits for it, or the step goes on', async () => {
    for (const save of [
      (context: TraceContext) => void context.saveUndo({ id: 1 }),
      (context: TraceContext) => context.saveUndo({ id: 1 }).catch(() => 'never mind'),
    ]) {
      let failed = false;
      const journal = refusing(({ type }) => type === 'undo-saved' && !failed && (failed = true));
      const step = traced('b', {
        async execute(context) {
          await save(context);
          for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
          return StepResult.ok();
        },
      });
      const played = await play([traced('a'), step], { journal });
      expect(played.error).toMatchObject({ step: 'b', cause: { code: 'journal_write_failed', cause: full } });
      expect(outcomesOf(played)).toEqual(['b: undone', 'a: undone']);
    }
  });

  it('J-1: an undo beside running siblings that cannot be recorded stops them, and the run ends interrupted', async () => {
    const journal = refusing(({ type }) => type === 'undo-start');
    let told = false;
    const sibling = waiting('sibling', {
      execute: (context) => {
        context.signal.addEventListener('abort', () => (told = true));
        return untilAborted(context.signal);
      },
    });
    const parallel = new ParallelStep([sibling, failing('x', { optional: true })], { name: 'p' });
    const { report, events } = await play([parallel], { journal });
    expect(told).toBe(true);
    expect(report.status).toBe('interrupted');
    expect(linesOf(events)).toContain('step-end p/sibling');
  });

  it('J-1: the error that comes from the journal says what to do next', async () => {
    let caught: unknown;
    const journal = refusing(({ type }) => type === 'undo-saved');
    const execute: Parameters<typeof traced>[1] = {
      execute: (context) =>
        context.saveUndo({ a: 1 }).then(
          () => StepResult.ok(),
          (error: unknown) => {
            caught = error;
            return StepResult.fail('cannot record');
          },
        ),
    };
    await play([traced('a', execute)], { journal });
    expect(caught).toBeInstanceOf(JournalWriteError);
    expect(caught).toMatchObject({ cause: full, retryable: false });
  });
});
