import { describe, expect, it } from 'vitest';

import { foldRunEvents, ParallelStep, RetryStep, runReportSchema, StepResult, type RunReport } from '../src/index.js';
import { ManualClock, MemoryJournal } from '../src/testing/index.js';
import {
  eventsOf,
  failing,
  never,
  outcomesOf,
  play,
  traced,
  type Played,
  type TraceContext,
} from './contract-steps.js';

const at = (seconds: number): string => new Date(1_000_000_000_000 + seconds * 1000).toISOString();

/** A run with a bit of everything, on a clock that its steps move. */
async function eventful(): Promise<Played<TraceContext>> {
  const clock = new ManualClock();
  const work = (seconds: number, result: () => StepResult) => () => {
    clock.advance(seconds * 1000);
    return result();
  };
  clock.advance(1000);
  const steps = [
    traced('load', { execute: work(2, () => StepResult.ok({ data: { rows: 3 } })) }),
    traced('there', { canSkip: () => 'it is there' }),
    traced('idle', { canSkip: () => true }),
    traced('mail', { execute: work(1, () => StepResult.ok()), rollback: () => ({ leftBehind: ['a mail'] }) }),
    traced('save', { execute: work(3, () => StepResult.fail('no room', { rollbackData: { opened: true } })) }),
    traced('never', {}),
  ];
  return play(steps, { clock, runId: 'r1', workflow: 'nightly' });
}

describe('RB-8: the report', () => {
  it('RB-8: says of each step what it did, when and how long, and of each undo what came of it', async () => {
    const { report } = await eventful();
    const error = { name: 'Error', code: 'error', message: 'no room' };
    expect(report).toEqual({
      runId: 'r1',
      workflow: 'nightly',
      status: 'rollback-incomplete',
      success: false,
      stepsExecuted: 3,
      stepsTotal: 6,
      startedAt: at(1),
      durationMs: 6000,
      error: expect.objectContaining(error) as unknown,
      steps: [
        { name: 'load', status: 'completed', attempts: 1, startedAt: at(1), durationMs: 2000, data: { rows: 3 } },
        { name: 'there', status: 'skipped', attempts: 0, data: {}, skipReason: 'it is there' },
        { name: 'idle', status: 'skipped', attempts: 0, data: {} },
        { name: 'mail', status: 'completed', attempts: 1, startedAt: at(3), durationMs: 1000, data: {} },
        {
          name: 'save',
          status: 'failed',
          attempts: 1,
          startedAt: at(4),
          durationMs: 3000,
          data: {},
          error: expect.objectContaining(error) as unknown,
        },
        { name: 'never', status: 'pending', attempts: 0, data: {} },
      ],
      rollback: {
        complete: false,
        steps: [
          { name: 'save', outcome: 'undone', tries: 1, leftBehind: [] },
          { name: 'mail', outcome: 'irreversible', tries: 1, leftBehind: ['a mail'] },
          { name: 'load', outcome: 'undone', tries: 1, leftBehind: [] },
        ],
      },
    });
  });

  it('RB-8: and the events are the same after a trip through JSON: what has no value is left out', async () => {
    const { report, events } = await eventful();
    expect(report).toStrictEqual(JSON.parse(JSON.stringify(report)));
    expect(events).toStrictEqual(JSON.parse(JSON.stringify(events)));
    const bare = await play([traced('a')]);
    expect(bare.report).toStrictEqual(JSON.parse(JSON.stringify(bare.report)));
    expect(bare.events).toStrictEqual(JSON.parse(JSON.stringify(bare.events)));
    expect(eventsOf(bare.events, 'step-end')[0]).not.toHaveProperty('data');
  });

  it('RB-8: fits its schema, and so does what the events add up to after each of them', async () => {
    const lost = traced('lost', { execute: never });
    const broken = (): never => {
      throw new Error('cannot undo');
    };
    const runs = [
      await eventful(),
      await play([
        traced('a'),
        failing('o', { optional: true, rollback: broken }),
        traced('z', { irreversible: true }),
      ]),
      await play([traced('a', { pivot: true }), traced('b', { rollback: broken }), failing('c')]),
      await play([traced('a', { rollback: 'none' }), failing('b', { rollback: 'none' })]),
      await play([traced('a'), lost], {
        onEvent: (event, run) => {
          if (event.type === 'step-start' && event.step === 'lost') run.cancel('enough');
          if (event.type === 'undo-end') run.abandon();
        },
      }),
      await play([traced('a'), lost], {
        onEvent: (event, run) => {
          if (event.type === 'step-start' && event.step === 'lost') run.interrupt('deploy');
        },
      }),
    ];
    const reports = runs.flatMap(({ events, report }) => [report, ...prefixes(events).map(reportOf)]);
    for (const report of reports) expect(runReportSchema.parse(report)).toEqual(report);
    const statuses = new Set(reports.map(({ status }) => status));
    expect([...statuses].sort()).toEqual([
      'failed',
      'interrupted',
      'rollback-abandoned',
      'rollback-incomplete',
      'rolling-back',
      'running',
      'succeeded',
    ]);
  });
});

function prefixes<T>(list: readonly T[]): T[][] {
  return list.map((_item, index) => list.slice(0, index + 1));
}

const reportOf = (events: Parameters<typeof foldRunEvents>[0]): RunReport => foldRunEvents(events).report;

describe('RB-8: the fold of events', () => {
  it('RB-8: of a rollback that has just begun says that nothing was attempted yet, and why it began', async () => {
    const { events } = await play([traced('a'), failing('b')], {});
    const begun = events.slice(0, events.findIndex(({ type }) => type === 'rollback-start') + 1);
    const folded = foldRunEvents(begun);
    expect(folded.report.rollback?.steps).toEqual([
      { name: 'b', outcome: 'not-attempted', tries: 0, leftBehind: [] },
      { name: 'a', outcome: 'not-attempted', tries: 0, leftBehind: [] },
    ]);
    expect(folded.report.error).toMatchObject({ message: 'b broke' });
    expect(folded.rollbackSteps).toEqual(['b', 'a']);
  });

  it('RB-8: has what the run was started with, and no undo data for a step that saved none', async () => {
    const { events } = await play([traced('a')], { workflow: 'nightly' });
    const folded = foldRunEvents(events.map((e) => (e.type === 'run-start' ? { ...e, params: { size: 3 } } : e)));
    expect(folded).toMatchObject({ workflow: 'nightly', params: { size: 3 }, rollbackSteps: [], started: ['a'] });
    expect(folded.records.get('a')?.undoData).toBeUndefined();
    expect(folded.cause).toBeUndefined();
  });

  it('J-3: drops from fromSeq on what had been shown and not stored', async () => {
    const { events } = await play([traced('a'), traced('b')]);
    const stored = events.slice(
      0,
      events.findIndex((event) => event.type === 'step-start' && event.step === 'b'),
    );
    const fromSeq = stored.length + 1;
    const resume = { ...events[0], type: 'run-resume', seq: fromSeq, fromSeq } as (typeof events)[number];
    const folded = foldRunEvents([...events.slice(0, fromSeq), resume]);
    expect(folded).toMatchObject({ status: 'running', lastSeq: fromSeq, started: ['a'] });
    expect(folded.records.get('b')).toMatchObject({ status: 'pending', attempts: 0 });
  });

  it('J-3: goes on after a run that had been stopped: it is running then, and has no end', async () => {
    const { events } = await play([traced('a')], {
      onEvent: (event, run) => void (event.type === 'step-start' && run.interrupt('deploy')),
    });
    expect(foldRunEvents(events).status).toBe('interrupted');
    const seq = events.length + 1;
    const resume = { ...events[0], type: 'run-resume', seq, fromSeq: seq } as (typeof events)[number];
    const { status, report } = foldRunEvents([...events, resume]);
    expect(status).toBe('running');
    expect(report).not.toHaveProperty('error');
  });

  it('J-3: refuses what does not begin with the beginning of a run', async () => {
    const { events } = await play([traced('a')]);
    const resume = { ...events[0], type: 'run-resume', seq: 1, fromSeq: 1 } as (typeof events)[number];
    for (const history of [[], events.slice(1), [resume]]) {
      expect(() => foldRunEvents(history)).toThrow(expect.objectContaining({ code: 'invalid_history' }) as Error);
    }
  });
});

describe('RB-15, CT-3: what an earlier attempt left behind', () => {
  it('RB-15, CT-3: is reported, also when a later attempt works and the run succeeds', async () => {
    const flaky = traced('a', {
      execute: ({ attempt }) => (attempt === 1 ? StepResult.fail('once') : StepResult.ok()),
      rollback: () => ({ leftBehind: ['a mail'] }),
    });
    const played = await play([new RetryStep(flaky), traced('b')]);
    expect(played.report).toMatchObject({ status: 'succeeded', rollback: { complete: false } });
    expect(played.report.rollback?.steps).toEqual([
      { name: 'a', outcome: 'irreversible', tries: 0, leftBehind: ['a mail'] },
    ]);
    expect(foldRunEvents(played.events).report).toEqual(played.report);
  });

  it('RB-15, CT-3: is not made good by a clean undo of the next one', async () => {
    let undone = 0;
    const rollback = (): { leftBehind: string[] } => ({ leftBehind: (undone += 1) === 1 ? ['a mail'] : [] });
    const played = await play([new RetryStep(failing('a', { rollback }), { attempts: 2 })]);
    expect(outcomesOf(played)).toEqual(['a: irreversible']);
    expect(played.report.rollback?.steps).toMatchObject([{ tries: 1, leftBehind: ['a mail'] }]);
    expect(played.report.status).toBe('rollback-incomplete');
  });

  it('RB-15, CT-4: is reported of a step inside it, also when no later attempt starts that step', async () => {
    let tried = 0;
    const x = traced('x', { canSkip: () => tried > 0, rollback: () => ({ leftBehind: ['a mail'] }) });
    const y = traced('y', { execute: () => ((tried += 1) === 1 ? StepResult.fail('once') : StepResult.ok()) });
    const retried = new RetryStep(new ParallelStep([x, y], { name: 'p', concurrency: 1 }));
    const fine = await play([retried]);
    expect(fine.report.rollback).toEqual({
      complete: false,
      steps: [{ name: 'p/x', outcome: 'irreversible', tries: 0, leftBehind: ['a mail'] }],
    });
    expect(foldRunEvents(fine.events).report).toEqual(fine.report);
    tried = 0;
    const failed = await play([retried, failing('z')]);
    expect(outcomesOf(failed)).toEqual(['p/x: irreversible', 'z: undone', 'p/y: undone', 'p: nothing-to-undo']);
    expect(eventsOf(failed.events, 'rollback-end')).toMatchObject([{ complete: false }]);
    expect(failed.report.status).toBe('rollback-incomplete');
    expect(foldRunEvents(failed.events).report).toEqual(failed.report);
  });

  it('CT-3: is nothing where the step has no rollback: a retried step is not in the report of a rollback', async () => {
    const flaky = traced('a', {
      execute: ({ attempt }) => (attempt === 1 ? StepResult.fail('once') : StepResult.ok()),
      rollback: 'none',
    });
    const played = await play([new RetryStep(flaky)]);
    expect(played.report).not.toHaveProperty('rollback');
  });

  it('CT-3, CT-4: the fold forgets the steps inside an attempt as the run does, and no other step', async () => {
    const x = traced('x', {
      execute: ({ attempt }) => (attempt === 1 ? StepResult.ok() : StepResult.fail('no more')),
    });
    const inner = new ParallelStep([x, failing('y')], { name: 'p', concurrency: 1 });
    const played = await play([traced('a'), new RetryStep(inner, { attempts: 2 })]);
    const folded = foldRunEvents(played.events);
    expect(folded.report).toEqual(played.report);
    expect(folded.started).toEqual(['a', 'p', 'p/x']);
  });
});

describe('RB-10: undo data of a step that is simply entered again', () => {
  it('RB-4, RB-10: is merged over what it had saved before its host died, in the run and in its events', async () => {
    const given: unknown[] = [];
    const b = (more: Parameters<typeof traced>[1]): ReturnType<typeof traced> =>
      traced('b', {
        onInterrupt: 'retry',
        rollback: (_context, { rollbackData }) => void given.push({ ...rollbackData }),
        ...more,
      });
    const saves = (data: Record<string, number>) => async (context: TraceContext) => {
      await context.saveUndo(data);
      return StepResult.ok();
    };
    const first = await play([b({ execute: saves({ first: 1, both: 1 }) })]);
    const history = first.events.slice(
      0,
      first.events.findIndex(({ type }) => type === 'step-end'),
    );
    const resumed = await play([b({ execute: saves({ both: 2 }) }), failing('z')], { history, force: true });
    expect(given).toEqual([{ first: 1, both: 2 }]);
    const all = [...history, ...resumed.events];
    expect(foldRunEvents(all).records.get('b')?.undoData).toEqual({ first: 1, both: 2 });
  });
});

describe('RB-5: a step that skips itself and returns undo data', () => {
  const step = (given: unknown[]): ReturnType<typeof traced> =>
    traced('half', {
      execute: () => new StepResult({ skipped: true, rollbackData: { opened: true } }),
      rollback: (_context, { rollbackData, status }) => void given.push({ ...rollbackData, status }),
    });

  it('RB-5: is undone with it, as completed; also later, from the journal', async () => {
    const given: unknown[] = [];
    await play([step(given), failing('b')]);
    const journal = new MemoryJournal();
    await play([step(given)], { journal });
    expect(eventsOf(journal.events, 'undo-saved')).toMatchObject([{ step: 'half', data: { opened: true } }]);
    await play([step(given)], { journal, history: journal.events, rollBack: true });
    const one = { opened: true, status: 'completed' };
    expect(given).toEqual([one, one]);
  });
});
