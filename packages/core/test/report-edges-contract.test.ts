import { describe, expect, it } from 'vitest';

import { foldRunEvents, ParallelStep, RetryStep, StepResult } from '../src/index.js';
import { MemoryJournal } from '../src/testing/index.js';
import { eventsOf, failing, outcomesOf, play, traced, type TraceContext } from './contract-steps.js';

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
