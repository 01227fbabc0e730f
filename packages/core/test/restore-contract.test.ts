import { describe, expect, it } from 'vitest';

import {
  BaseStepContext,
  defineStep,
  foldRunEvents,
  ParallelStep,
  StepResult,
  type BaseStep,
  type RunEvent,
} from '../src/index.js';
import { MemoryJournal } from '../src/testing/index.js';
import { eventsOf, failing, linesOf, outcomesOf, play, playOn, traced, type TraceContext } from './contract-steps.js';

describe('RB-10: a crash during rollback resumes the rollback', () => {
  const steps = (): BaseStep<TraceContext>[] => [
    traced('a'),
    new ParallelStep([traced('x'), traced('y')], { name: 'p' }),
    traced('c'),
    failing('d'),
  ];

  it('RB-10: at whatever commit it comes: finished undos are not repeated, and the run never goes forwards again', async () => {
    const whole = new MemoryJournal();
    const undisturbed = await play(steps(), { journal: whole });
    const from = whole.commits.findIndex((commit) => linesOf(commit).includes('rollback-start'));
    expect(whole.commits.length - from).toBeGreaterThan(5);
    for (let end = from + 1; end < whole.commits.length; end += 1) {
      const history = whole.commits.slice(0, end).flat();
      const done = eventsOf(history, 'undo-end').map(({ step }) => step);
      const journal = new MemoryJournal();
      await journal.append(history);
      const resumed = await play(steps(), { journal, history });
      const again = eventsOf(resumed.events, 'undo-start').map(({ step }) => step);
      expect(again.filter((step) => done.includes(step))).toEqual([]);
      expect(linesOf(resumed.events).filter((line) => line.startsWith('step-'))).toEqual([]);
      expect(resumed.context.trace).toEqual(undisturbed.context.trace);
      expect(outcomesOf(resumed)).toEqual(outcomesOf(undisturbed));
      expect(resumed.report.status).toBe('rolled-back');
      expect(foldRunEvents(journal.events).report).toEqual(resumed.report);
    }
  });

  it('RB-10: the first failure is still the error that the resumed rollback ends with', async () => {
    const whole = await play(steps());
    const history = whole.events.slice(0, whole.events.findIndex(({ type }) => type === 'rollback-start') + 1);
    const resumed = await play(steps(), { history });
    expect((resumed.error as Error).message).toContain('d broke');
    expect(resumed.report.error).toEqual(whole.report.error);
  });

  it('RB-10: a changed definition does not stop a rollback that was under way', async () => {
    const whole = await play(steps());
    const history = whole.events.slice(0, whole.events.findIndex(({ type }) => type === 'rollback-start') + 1);
    const played = await play([traced('a'), traced('new')], { history });
    expect(played.context.trace.slice(-1)).toEqual(['undo a']);
    expect(outcomesOf(played)).toContain('c: failed');
  });
});

describe('RB-12: a finished run is rolled back later', () => {
  class Rows extends BaseStepContext {
    rows = 0;
    seen: unknown[] = [];
  }
  const load = (): BaseStep<Rows> =>
    defineStep<Rows, { id: number; more: boolean }>({
      name: 'load',
      async execute(context) {
        await context.saveUndo({ id: 7 });
        context.rows = 5;
        return StepResult.ok({ data: { count: 5 }, rollbackData: { id: 7, more: true } });
      },
      rollback({ rows, seen }, { rollbackData, data, status }) {
        seen.push({ undo: { ...rollbackData }, data, status, rows });
      },
    });

  it('RB-12: from its journal, with the undo data, the data and the context that were recorded', async () => {
    const journal = new MemoryJournal();
    const first = await playOn(new Rows(), [load()], { journal });
    expect(first.report.status).toBe('succeeded');
    const context = new Rows();
    const later = await playOn(context, [load()], { journal, history: journal.events, rollBack: true });
    expect(context.seen).toEqual([{ undo: { id: 7, more: true }, data: { count: 5 }, status: 'completed', rows: 5 }]);
    expect(later.error).toBeUndefined();
    expect(later.report).toMatchObject({ status: 'rolled-back', success: false, rollback: { complete: true } });
    expect(linesOf(later.events)).toEqual([
      'run-resume',
      'rollback-start',
      'undo-start load',
      'context-change load',
      'undo-end load',
      'rollback-end',
      'run-end',
    ]);
    expect(foldRunEvents(journal.events).report).toEqual(later.report);
  });

  it('RB-12: data with large integers, bytes, and keys that look like their tags comes back as it was', async () => {
    const data = {
      rows: 2n ** 70n,
      digest: Uint8Array.of(1, 2),
      schema: { $file: 'users.csv' },
      $$int: [{ $int: 'x' }],
    };
    const step = defineStep<Rows>({
      name: 'load',
      execute: () => StepResult.ok({ data }),
      rollback: ({ seen }, result) => void seen.push(result.data),
    });
    const journal = new MemoryJournal();
    await playOn(new Rows(), [step], { journal });
    expect(foldRunEvents(journal.events).report.steps[0]?.data).toEqual(eventsOf(journal.events, 'step-end')[0]?.data);
    const context = new Rows();
    const later = await playOn(context, [step], { journal, history: journal.events, rollBack: true });
    expect(context.seen).toEqual([data]);
    expect(later.report.steps[0]?.data).toEqual(data);
    const [before, after] = eventsOf(journal.events, 'run-end').map(({ report }) => report.steps[0]?.data);
    expect(after).toEqual(before);
    expect(after).toMatchObject({ rows: { $int: String(2n ** 70n) }, schema: { $$file: 'users.csv' } });
  });

  it('RB-12: recorded data that nobody can read as values comes as it was recorded, and stops no undo', async () => {
    const journal = new MemoryJournal();
    await playOn(new Rows(), [load()], { journal });
    const history = journal.events.map((event) =>
      event.type === 'step-end' ? { ...event, data: { count: { $int: 'many' } } } : event,
    );
    const context = new Rows();
    await playOn(context, [load()], { journal, history, rollBack: true });
    expect(context.seen).toMatchObject([{ data: { count: { $int: 'many' } }, status: 'completed' }]);
  });

  it('RB-12: only what is not undone yet; a run that is rolled back, or failed with nothing to undo, is refused', async () => {
    let works = false;
    const b = (): BaseStep<TraceContext> =>
      failing('b', {
        rollback: () => {
          if (!works) throw new Error('cannot');
        },
      });
    const first = await play([traced('a'), b()]);
    expect(first.report.status).toBe('rollback-incomplete');
    works = true;
    const second = await play([traced('a'), b()], { history: first.events, rollBack: true });
    expect(second.context.trace).toEqual(['undo b']);
    expect(second.report.status).toBe('rolled-back');
    const history: RunEvent[] = [...first.events, ...second.events];
    await expect(play([traced('a'), b()], { history, rollBack: true })).rejects.toMatchObject({
      code: 'wrong_run_status',
    });
  });

  it('RB-12: also a run that was abandoned, and it finishes what was not attempted', async () => {
    const first = await play([traced('a'), traced('b'), failing('c')], {
      onEvent: (event, orchestrator) => void (event.type === 'undo-end' && orchestrator.abandon()),
    });
    expect(first.report.status).toBe('rollback-abandoned');
    const second = await play([traced('a'), traced('b'), failing('c')], { history: first.events, rollBack: true });
    expect(second.context.trace).toEqual(['undo b', 'undo a']);
    expect(outcomesOf(second)).toEqual(['c: undone', 'b: undone', 'a: undone']);
  });

  it('RB-12: a step that was interrupted is undone with the status unknown', async () => {
    const whole = await play([traced('a'), traced('b')]);
    const history = whole.events.slice(0, whole.events.findLastIndex(({ type }) => type === 'step-start') + 1);
    let status: unknown;
    const b = traced('b', { rollback: (_context, result) => void (status = result.status) });
    const later = await play([traced('a'), b], { history, rollBack: true });
    expect(status).toBe('unknown');
    expect(outcomesOf(later)).toEqual(['b: undone', 'a: undone']);
  });
});

describe('resuming forwards, by what the interrupted step declares', () => {
  const crashedIn = async (make: () => BaseStep<TraceContext>): Promise<RunEvent[]> => {
    const { events } = await play([traced('a'), make(), traced('z')]);
    const end = events.findIndex((event) => event.type === 'step-end' && event.step === 'b');
    return events.slice(0, end);
  };

  it('RB-10: undo-then-retry applies the saved undo data and starts again from canSkip', async () => {
    const given: unknown[] = [];
    let asked = 0;
    const b = (): BaseStep<TraceContext> =>
      traced('b', {
        canSkip: () => (asked += 1) < 0,
        async execute(context) {
          await context.saveUndo({ attempt: context.attempt });
          return StepResult.ok();
        },
        rollback: (_context, result) => void given.push({ ...result.rollbackData, status: result.status }),
      });
    const history = await crashedIn(b);
    const resumed = await play([traced('a'), b(), traced('z')], { history });
    expect(given).toEqual([{ attempt: 1, status: 'unknown' }]);
    expect(asked).toBe(2);
    expect(resumed.context.trace).toEqual(['undo b', 'b', 'z']);
    expect(resumed.report.success).toBe(true);
    expect(foldRunEvents([...history, ...resumed.events]).report).toEqual(resumed.report);
  });

  it('RB-10: retry enters execute again without asking canSkip', async () => {
    const canSkip = (): boolean => {
      asked += 1;
      return asked > 1;
    };
    let asked = 0;
    const b = (): BaseStep<TraceContext> => traced('b', { onInterrupt: 'retry', canSkip });
    const history = await crashedIn(b);
    const resumed = await play([traced('a'), b(), traced('z')], { history });
    expect(resumed.context.trace).toEqual(['b', 'z']);
    expect(asked).toBe(1);
  });

  it('RB-14: hold, the default of a pivot, waits for an operator: nothing is called, and the run stays interrupted', async () => {
    for (const traits of [{ pivot: true }, { onInterrupt: 'hold' as const }]) {
      const history = await crashedIn(() => traced('b', traits));
      const resumed = await play([traced('a'), traced('b', traits), traced('z')], { history });
      expect(resumed.context.trace).toEqual([]);
      expect(resumed.report.status).toBe('interrupted');
      expect(resumed.error).toMatchObject({ code: 'run_interrupted', cause: { code: 'step_held' } });
    }
  });

  it('RB-14: a held step inside a parallel step holds the run as well', async () => {
    const inside = (): BaseStep<TraceContext> =>
      new ParallelStep([traced('x', { pivot: true }), traced('y')], { name: 'p' });
    const whole = await play([traced('a'), inside()]);
    const end = whole.events.findIndex((event) => event.type === 'step-end' && event.step === 'p/x');
    const resumed = await play([traced('a'), inside()], { history: whole.events.slice(0, end) });
    expect(resumed.context.trace).toEqual([]);
    expect(resumed.error).toMatchObject({ code: 'run_interrupted', cause: { code: 'step_held' } });
    expect(resumed.report.status).toBe('interrupted');
  });
});
