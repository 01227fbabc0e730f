import { describe, expect, it } from 'vitest';

import { DefinitionChangedError, foldRunEvents, type RunEvent } from '../src/index.js';
import { MemoryJournal } from '../src/testing/index.js';
import { eventsOf, failing, linesOf, outcomesOf, play, traced, type TracedOptions } from './contract-steps.js';

/** The events of a run before the one that `picks` finds: what was stored when the host died there. */
const until = (events: readonly RunEvent[], picks: (event: RunEvent) => boolean): RunEvent[] =>
  events.slice(0, events.findIndex(picks));

const startOf =
  (step: string) =>
  (event: RunEvent): boolean =>
    event.type === 'step-start' && event.step === step;

const broken = (): never => {
  throw new Error('cannot undo');
};

describe('RB-10, RB-12: which runs can be resumed, and which rolled back', () => {
  it('RB-10: one that is over cannot be resumed', async () => {
    const { events } = await play([traced('a')]);
    await expect(play([traced('a')], { history: events, runId: 'r1' })).rejects.toMatchObject({
      code: 'wrong_run_status',
      message: expect.stringContaining("is 'succeeded' and cannot be resumed") as unknown,
      details: { status: 'succeeded' },
      retryable: false,
    });
  });

  it('RB-12: one that was stopped, and one whose rollback was, can be rolled back on demand', async () => {
    const steps = (): ReturnType<typeof traced>[] => [traced('a'), traced('b')];
    const stopped = await play(steps(), {
      onEvent: (event, run) => void (startOf('b')(event) && run.interrupt('deploy')),
    });
    expect(stopped.report.status).toBe('interrupted');
    const failed = await play([traced('a'), failing('b')]);
    const rolling = until(failed.events, ({ type }) => type === 'undo-end');
    for (const history of [stopped.events, rolling]) {
      const later = await play(steps(), { history, rollBack: true });
      expect(outcomesOf(later)).toEqual(['b: undone', 'a: undone']);
      expect(later.report.status).toBe('rolled-back');
    }
  });

  it('RB-12: a rollback on demand says that it was requested, also after one that was incomplete', async () => {
    const first = await play([traced('a'), failing('b', { rollback: broken })]);
    const later = await play([traced('a'), traced('b')], { history: first.events, rollBack: true });
    expect(eventsOf(later.events, 'rollback-start')).toMatchObject([{ cause: { code: 'rollback_requested' } }]);
  });

  it('RB-12: a step that is gone says why it cannot be undone', async () => {
    const first = await play([traced('a'), traced('b')]);
    const later = await play([traced('a')], { history: first.events, rollBack: true, undo: { tries: 1 } });
    expect(later.report.rollback?.steps).toMatchObject([
      { name: 'b', outcome: 'failed', error: { code: 'step_gone' } },
      { name: 'a', outcome: 'undone' },
    ]);
  });
});

describe('V-4: a changed definition', () => {
  const history = async (): Promise<readonly RunEvent[]> =>
    (
      await play([traced('a'), traced('b'), traced('c')], {
        onEvent: (event, run) => void (event.type === 'step-end' && event.step === 'a' && run.interrupt('deploy')),
      })
    ).events;

  it('RB-10: refuses to resume a run that was told to stop as well, and says what has another place', async () => {
    const changed = play([traced('a'), traced('c'), traced('b')], { history: await history() });
    await expect(changed).rejects.toBeInstanceOf(DefinitionChangedError);
    await expect(changed).rejects.toMatchObject({
      details: { differences: ["'c' has another place"] },
      retryable: false,
    });
  });

  it('RB-10, PR-1: with force, the weights of now count', async () => {
    const percents: number[] = [];
    await play([traced('a', { progressWeight: 8 }), traced('b'), traced('c')], {
      history: await history(),
      force: true,
      onProgress: (percent) => void percents.push(percent),
    });
    expect(percents).toEqual([90, 100]);
  });

  it('RB-10: with force, a new step that is not reached is not in the report, as it is in no event', async () => {
    const before = await history();
    const resumed = await play([traced('a'), failing('b'), traced('c'), traced('new')], {
      history: before,
      force: true,
    });
    expect(resumed.report.steps.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    expect(foldRunEvents([...before, ...resumed.events]).report).toEqual(resumed.report);
  });
});

describe('RB-10: what a resumed run knows of the steps before', () => {
  it('RB-10: one that was skipped keeps that, and is not asked again', async () => {
    let asked = 0;
    const a = (): ReturnType<typeof traced> => traced('a', { canSkip: () => (asked += 1) === 1 });
    const { events } = await play([a(), traced('b')]);
    const resumed = await play([a(), traced('b')], { history: until(events, startOf('b')) });
    expect(asked).toBe(1);
    expect(resumed.context.trace).toEqual(['b']);
    expect(resumed.report.steps).toMatchObject([{ status: 'skipped' }, { status: 'completed' }]);
  });

  it('RB-10, RB-11: an optional one that failed and is undone is passed over', async () => {
    const steps = (): ReturnType<typeof traced>[] => [failing('a', { optional: true }), traced('b')];
    const { events } = await play(steps());
    const resumed = await play(steps(), { history: until(events, startOf('b')) });
    expect(resumed.context.trace).toEqual(['b']);
    expect(resumed.report.success).toBe(true);
  });

  it('RB-10, RB-11: an optional one whose undo had failed is not undone again before the run is rolled back', async () => {
    const steps = (): ReturnType<typeof traced>[] => [failing('a', { optional: true, rollback: broken }), traced('b')];
    const { events } = await play(steps());
    const resumed = await play(steps(), { history: until(events, startOf('b')) });
    expect(resumed.context.trace).toEqual(['b']);
    expect(outcomesOf(resumed)).toEqual(['a: failed']);
  });

  it('RB-10: one that was interrupted and is undone, when the host died again, is started, optional or not', async () => {
    for (const traits of [{}, { optional: true }]) {
      const steps = (): ReturnType<typeof traced>[] => [traced('a'), traced('b', traits)];
      const ended = (event: RunEvent): boolean => event.type === 'step-end' && event.step === 'b';
      const first = until((await play(steps())).events, ended);
      const second = until((await play(steps(), { history: first })).events, startOf('b'));
      expect(linesOf(second)).toContain('undo-end b');
      const resumed = await play(steps(), { history: [...first, ...second] });
      expect(resumed.context.trace).toEqual(['b']);
      expect(resumed.report.success).toBe(true);
    }
  });

  it('RB-10, RB-11: an optional one that is only said to be optional now is none of those', async () => {
    const { events } = await play([traced('a'), traced('b', { optional: true })]);
    const resumed = await play([traced('a'), traced('b', { optional: true })], {
      history: until(events, (event) => event.type === 'step-end' && event.step === 'b'),
    });
    expect(resumed.context.trace).toEqual(['undo b', 'b']);
  });

  it('RB-5, RB-10: the undo of one that failed gets its error and the status failed', async () => {
    const seen: unknown[] = [];
    const note: TracedOptions['rollback'] = (_context, { status, success, error, data }) =>
      void seen.push({ status, success, error, data });
    const { events } = await play([traced('a'), failing('b')]);
    const history = until(events, ({ type }) => type === 'rollback-start');
    await play([traced('a', { rollback: note }), failing('b', { rollback: note })], { history });
    expect(seen).toEqual([
      { status: 'failed', success: false, error: 'b broke', data: {} },
      { status: 'completed', success: true, error: null, data: {} },
    ]);
  });

  it('RB-13, RB-10: one that had not begun and whose canSkip throws has its own error as its result', async () => {
    const { events } = await play([traced('a'), traced('b')]);
    const canSkip = (): never => {
      throw new Error('cannot tell');
    };
    const resumed = await play([traced('a'), traced('b', { canSkip })], { history: until(events, startOf('b')) });
    expect(resumed.context.stepResults).toMatchObject([{ success: false, error: 'cannot tell' }]);
  });
});

describe('J-1: a write that fails once', () => {
  const refusingOnce = (picks: (event: RunEvent) => boolean): MemoryJournal => {
    const journal = new MemoryJournal();
    let refused = false;
    journal.onAppend = (events) => {
      if (refused || !events.some(picks)) return;
      refused = true;
      throw new Error('the disk is full');
    };
    return journal;
  };

  it('J-1: at the end of the last step names that step, and undoes the run', async () => {
    const journal = refusingOnce((event) => event.type === 'step-end' && event.step === 'b');
    const { error, report } = await play([traced('z'), traced('a'), traced('b')], { journal });
    expect(error).toMatchObject({ step: 'b', cause: { code: 'journal_write_failed' } });
    expect(report.status).toBe('rolled-back');
  });

  it('J-1: in a run of no steps names none', async () => {
    const { error, report } = await play([], { journal: refusingOnce(({ type }) => type === 'run-start') });
    expect(error).toMatchObject({ step: '', cause: { code: 'journal_write_failed' } });
    expect(report.status).toBe('failed');
  });

  it('J-1, RB-11: at the undo of an optional step stops the run there; it does not go on', async () => {
    const journal = refusingOnce(({ type }) => type === 'undo-start');
    const played = await play([failing('a', { optional: true }), traced('b')], { journal });
    expect(played.report.status).toBe('interrupted');
    expect(played.context.trace).toEqual(['a']);
  });
});

describe('RB-11: several optional steps that failed', () => {
  it('RB-11: are in the report of a later rollback before what it undid, as they were undone', async () => {
    const optional = { optional: true };
    const played = await play([failing('a', optional), failing('b', optional), traced('c'), failing('d')]);
    expect(outcomesOf(played)).toEqual(['a: undone', 'b: undone', 'd: undone', 'c: undone']);
    expect(linesOf(played.events).filter((line) => line.startsWith('undo-end'))).toEqual(
      ['a', 'b', 'd', 'c'].map((name) => `undo-end ${name}`),
    );
  });
});
