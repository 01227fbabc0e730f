import { describe, expect, it } from 'vitest';

import { StepResult, type StepFailedError } from '../src/index.js';
import { eventsOf, failing, linesOf, outcomesOf, play, traced, waiting } from './contract-steps.js';

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
