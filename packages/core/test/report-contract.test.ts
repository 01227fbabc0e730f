import { describe, expect, it } from 'vitest';

import { foldRunEvents, runReportSchema, StepResult, type RunReport } from '../src/index.js';
import { ManualClock } from '../src/testing/index.js';
import { eventsOf, failing, never, play, traced, type Played, type TraceContext } from './contract-steps.js';

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

function prefixes<T>(list: readonly T[]): T[][] {
  return list.map((_item, index) => list.slice(0, index + 1));
}

const reportOf = (events: Parameters<typeof foldRunEvents>[0]): RunReport => foldRunEvents(events).report;

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
