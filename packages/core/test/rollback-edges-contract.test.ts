import { describe, expect, it } from 'vitest';

import { ParallelStep, RetryStep, type BaseStep } from '../src/index.js';
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
  const completeIn = async (steps: readonly BaseStep<TraceContext>[], complete: boolean): Promise<void> => {
    const { events, report } = await play(steps);
    expect(eventsOf(events, 'rollback-end')).toMatchObject([{ complete }]);
    expect(report.rollback?.complete).toBe(complete);
  };

  it('RB-1, RB-7: complete if each was undone or had nothing to undo, and not if one failed', async () => {
    await completeIn([traced('a'), traced('plain', { rollback: 'none' }), failing('b')], true);
    await completeIn([traced('a', { rollback: broken }), failing('b')], false);
    await completeIn([traced('a', { irreversible: true }), failing('b')], false);
  });

  it('RB-15: not complete if an earlier attempt left something behind', async () => {
    let undone = 0;
    const rollback = (): { leftBehind: string[] } => ({ leftBehind: (undone += 1) === 1 ? ['a mail'] : [] });
    await completeIn([new RetryStep(failing('a', { rollback }), { attempts: 2 })], false);
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
