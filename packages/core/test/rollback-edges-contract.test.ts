import { describe, expect, it } from 'vitest';

import { ParallelStep, RetryStep, StepResult, type BaseStep } from '../src/index.js';
import { MemoryJournal } from '../src/testing/index.js';
import { eventsOf, failing, outcomesOf, play, traced, type TraceContext } from './contract-steps.js';

const broken = (): never => {
  throw new Error('cannot undo');
};

describe('RB-7: a failed undo', () => {
  it('RB-7: halts the rollback by choice, and only a failed one does', async () => {
    const steps = [traced('a'), traced('b'), traced('c', { rollback: broken }), traced('d'), failing('e')];
    const played = await play(steps, { onRollbackError: 'halt' });
    expect(outcomesOf(played)).toEqual(['e: undone', 'd: undone', 'c: failed', 'b: not-attempted', 'a: not-attempted']);
    expect(played.context.trace.slice(5)).toEqual(['undo e', 'undo d', 'undo c', 'undo c', 'undo c']);
    expect(played.report.status).toBe('rollback-incomplete');
  });

  it('RB-7: is noted in the errors of the context, by name and reason, and no other undo is', async () => {
    const { context } = await play([traced('a'), traced('b', { rollback: broken }), failing('c')]);
    expect(context.errors).toEqual(["Rollback failed for step 'b': cannot undo"]);
  });
});

describe('rollback-end says what the report says', () => {
  /** As the event says it, and as the report does. */
  const completeIn = async (steps: readonly BaseStep<TraceContext>[]): Promise<unknown[]> => {
    const { events, report } = await play(steps);
    return [...eventsOf(events, 'rollback-end').map(({ complete }) => complete), report.rollback?.complete];
  };

  it('RB-1, RB-7: complete if each was undone or had nothing to undo, and not if one failed', async () => {
    const plain = traced('plain', { rollback: 'none' });
    expect(await completeIn([traced('a'), plain, failing('b')])).toEqual([true, true]);
    expect(await completeIn([traced('a', { rollback: broken }), failing('b')])).toEqual([false, false]);
    expect(await completeIn([traced('a', { irreversible: true }), failing('b')])).toEqual([false, false]);
  });

  it('RB-15: not complete if an earlier attempt left something behind', async () => {
    let undone = 0;
    const rollback = (): { leftBehind: string[] } => ({ leftBehind: (undone += 1) === 1 ? ['a mail'] : [] });
    const steps = [new RetryStep(failing('a', { rollback }), { attempts: 2 })];
    expect(await completeIn(steps)).toEqual([false, false]);
  });

  it('RB-12: not complete if an earlier rollback of the same run left something behind', async () => {
    const steps = (): BaseStep<TraceContext>[] => [
      traced('a'),
      failing('b', { rollback: () => ({ leftBehind: ['a mail'] }) }),
    ];
    const first = await play(steps(), {
      onEvent: (event, orchestrator) => void (event.type === 'undo-end' && orchestrator.abandon()),
    });
    const later = await play(steps(), { history: first.events, rollBack: true });
    expect(outcomesOf(later)).toEqual(['b: irreversible', 'a: undone']);
    expect(eventsOf(later.events, 'rollback-end')).toMatchObject([{ complete: false }]);
    expect(later.report).toMatchObject({ status: 'rollback-incomplete', rollback: { complete: false } });
  });
});

describe('RB-9: after abandon()', () => {
  it('RB-9: no undo is started any more, and a step that has nothing to undo was not attempted either', async () => {
    const steps = [traced('plain', { rollback: 'none' }), traced('a'), traced('b'), failing('c')];
    const played = await play(steps, {
      onEvent: (event, orchestrator) =>
        void (event.type === 'undo-end' && event.step === 'c' && orchestrator.abandon()),
    });
    expect(eventsOf(played.events, 'undo-start').map(({ step }) => step)).toEqual(['c']);
    expect(outcomesOf(played)).toEqual(['c: undone', 'b: not-attempted', 'a: not-attempted', 'plain: not-attempted']);
    expect(played.report.status).toBe('rollback-abandoned');
  });
});

describe('RB-9: abandon() in the pause between two tries', () => {
  it('RB-9: starts no further try', async () => {
    const played = await play([failing('b', { rollback: broken })], {
      undo: { delayMs: 1e9 },
      onEvent: (event, orchestrator) =>
        void (event.type === 'undo-end' && queueMicrotask(() => orchestrator.abandon())),
    });
    expect(eventsOf(played.events, 'undo-start')).toHaveLength(1);
    expect(eventsOf(played.events, 'undo-end')).toHaveLength(1);
  });

  it('RB-9: before its start is recorded: nothing is left behind by what was not attempted', async () => {
    const { report } = await play([failing('b')], {
      journal: new MemoryJournal(),
      onEvent: (event, orchestrator) =>
        void (event.type === 'undo-start' && queueMicrotask(() => orchestrator.abandon())),
    });
    expect(report.rollback?.steps).toEqual([{ name: 'b', outcome: 'not-attempted', tries: 0, leftBehind: [] }]);
  });
});

describe('RB-15: leftBehind', () => {
  it('RB-15: is in the event of an undo that left something behind, and in no other', async () => {
    const mail = traced('mail', { rollback: () => ({ leftBehind: ['a mail'] }) });
    const { events, report } = await play([mail, traced('a', { rollback: broken }), failing('b')]);
    expect(eventsOf(events, 'undo-end').map(({ step, leftBehind }) => [step, leftBehind])).toEqual([
      ['b', undefined],
      ...Array.from({ length: 3 }, () => ['a', undefined]),
      ['mail', ['a mail']],
    ]);
    expect(report.rollback?.steps.map(({ leftBehind }) => leftBehind)).toEqual([[], [], ['a mail']]);
  });
});

describe('RB-11: an undo while the run goes on', () => {
  it('RB-11: speaks on the runtime context until it ends; then the next step does', async () => {
    const says = (context: TraceContext): void => context.runtimeContext.logMessage('here');
    const b = failing('b', { optional: true, rollback: says });
    const c = traced('c', { execute: (context) => (says(context), StepResult.ok()) });
    const { events } = await play([b, c]);
    expect(eventsOf(events, 'step-log').map(({ step }) => step)).toEqual(['b', 'c']);
  });
});

describe('RB-11, CT-4: an optional parallel step that fails', () => {
  it('RB-11, CT-4: has what was started inside it undone at once, and nothing of another parallel step', async () => {
    const first = new ParallelStep([traced('x'), traced('y')], { name: 'first' });
    const second = Object.assign(new ParallelStep([traced('u'), failing('v')], { name: 'second', concurrency: 1 }), {
      optional: true,
    });
    const { context, report } = await play([first, second, traced('z')]);
    expect(context.trace).toEqual(['x', 'y', 'u', 'v', 'undo v', 'undo u', 'z']);
    expect(report.success).toBe(true);
  });
});
