import { describe, expect, it } from 'vitest';

import { foldRunEvents, SynapseStepsError, type BaseStep, type RunEvent } from '../src/index.js';
import { MemoryJournal } from '../src/testing/index.js';
import {
  eventsOf,
  linesOf,
  outcomesOf,
  play,
  traced,
  type TraceContext,
  type TracedOptions,
} from './contract-steps.js';

/** What a host that died in the middle of step `b` had shown: `a` completed, `b` started, `z` to come. */
async function crashedInB(options: TracedOptions = {}): Promise<RunEvent[]> {
  const { events } = await play([traced('a'), traced('b', options), traced('z')]);
  return events.slice(
    0,
    events.findIndex((event) => event.type === 'step-end' && event.step === 'b'),
  );
}

const stepsWith = (options: TracedOptions): BaseStep<TraceContext>[] => [
  traced('a'),
  traced('b', options),
  traced('z'),
];

describe('RB-10: an interrupted step that was undone and not entered again', () => {
  it('RB-10, RB-13: because canSkip throws: it is not undone a second time', async () => {
    const history = await crashedInB();
    const canSkip = (): never => {
      throw new Error('cannot tell');
    };
    const resumed = await play(stepsWith({ canSkip }), { history });
    expect(resumed.context.trace).toEqual(['undo b', 'undo a']);
    expect(outcomesOf(resumed)).toEqual(['b: undone', 'a: undone']);
    expect(resumed.report.status).toBe('rolled-back');
    expect(foldRunEvents([...history, ...resumed.events]).report).toEqual(resumed.report);
  });

  it('RB-10, CT-1: because the run is cancelled first: it is not undone a second time', async () => {
    const history = await crashedInB();
    const resumed = await play(stepsWith({}), {
      history,
      onEvent: (event, orchestrator) => void (event.type === 'undo-end' && orchestrator.cancel('enough')),
    });
    expect(resumed.context.trace).toEqual(['undo b', 'undo a']);
    expect(outcomesOf(resumed)).toEqual(['b: undone', 'a: undone']);
    expect(foldRunEvents([...history, ...resumed.events]).report).toEqual(resumed.report);
  });

  it('RB-10: because there is nothing more to do for it: the report says that it was skipped, and undone before', async () => {
    const history = await crashedInB();
    const resumed = await play(stepsWith({ canSkip: () => 'is there' }), { history });
    expect(resumed.context.trace).toEqual(['undo b', 'z']);
    expect(resumed.report.steps[1]).toMatchObject({ status: 'skipped', skipReason: 'is there' });
    expect(resumed.context.stepResults[0]).toMatchObject({ skipped: true, success: true });
    expect(outcomesOf(resumed)).toEqual(['b: undone']);
    expect(foldRunEvents([...history, ...resumed.events]).report).toEqual(resumed.report);
  });
});

describe('RB-10: an interrupted step that is undone before it is tried again', () => {
  it('RB-10: tells its undo why: the host stopped, and nobody knows how far the step had come', async () => {
    const causes: unknown[] = [];
    const rollback = ({ rollbackCause }: TraceContext): void => void causes.push(rollbackCause);
    const history = await crashedInB();
    const resumed = await play(stepsWith({ rollback }), { history });
    expect(causes).toMatchObject([{ code: 'step_interrupted' }]);
    expect(resumed.context.trace).toEqual(['undo b', 'b', 'z']);
    expect(resumed.report.rollback).toBeUndefined();
  });

  it('RB-10: is not entered again when that undo fails; the rollback of the run then tries it once more', async () => {
    let tries = 0;
    const rollback = (): void => {
      tries += 1;
      if (tries < 4) throw new Error('not yet');
    };
    const history = await crashedInB();
    const resumed = await play(stepsWith({ rollback }), { history });
    expect(resumed.context.trace).toEqual(['undo b', 'undo b', 'undo b', 'undo b', 'undo a']);
    expect(resumed.error).toMatchObject({ step: 'b', cause: { code: 'step_interrupted', outcomeUnknown: true } });
    expect(outcomesOf(resumed)).toEqual(['b: undone', 'a: undone']);
    expect(foldRunEvents([...history, ...resumed.events]).report).toEqual(resumed.report);
  });
});

describe('RB-14: a pivot that says what it wants when it was interrupted', () => {
  it('RB-14, RB-10: is undone and tried again, if it says so', async () => {
    const pivot = { pivot: true, onInterrupt: 'undo-then-retry' as const };
    const resumed = await play(stepsWith(pivot), { history: await crashedInB(pivot) });
    expect(resumed.context.trace).toEqual(['undo b', 'b', 'z']);
  });
});

describe('RB-10: a step that may simply be entered again, and then fails', () => {
  it('RB-10, RB-5: hands its new failure to rollback, not what was restored', async () => {
    const history = await crashedInB({ onInterrupt: 'retry' });
    const seen: unknown[] = [];
    const resumed = await play(
      stepsWith({
        onInterrupt: 'retry',
        execute: () => Promise.reject(new Error('again')),
        rollback: (_context, { status, error }) => void seen.push([status, error]),
      }),
      { history },
    );
    expect(resumed.context.trace).toEqual(['b', 'undo b', 'undo a']);
    expect(seen).toEqual([['failed', 'again']]);
  });
});

describe('RB-10: a step that had failed when its host died', () => {
  const failedB = { execute: () => Promise.reject(new SynapseStepsError({ code: 'b_full', message: 'b is full' })) };
  const died = async (options: TracedOptions = {}): Promise<RunEvent[]> => {
    const { events } = await play(stepsWith({ ...failedB, ...options }));
    return events.slice(0, events.findIndex((event) => event.type === 'step-end' && event.step === 'b') + 1);
  };

  it('RB-10, RB-8: is not entered again: the run fails for the recorded reason, and rolls back', async () => {
    const history = await died();
    const resumed = await play(stepsWith({}), { history });
    expect(resumed.context.trace).toEqual(['undo b', 'undo a']);
    expect(resumed.error).toMatchObject({
      message: "Step 'b' failed: b is full",
      step: 'b',
      cause: { code: 'b_full' },
    });
    const recorded = eventsOf(history, 'step-end').at(-1)?.error;
    expect(recorded).toMatchObject({ code: 'b_full' });
    expect(resumed.report.error).toEqual(recorded);
    expect(foldRunEvents([...history, ...resumed.events]).report).toEqual(resumed.report);
  });

  it('RB-10: also when no reason was recorded', async () => {
    const history = (await died()).map((event) => {
      if (event.type !== 'step-end' || event.step !== 'b') return event;
      const { error: _error, ...rest } = event;
      return rest;
    });
    const resumed = await play(stepsWith({}), { history });
    expect(resumed.error).toMatchObject({ step: 'b', cause: { code: 'step_failed' } });
    expect(resumed.report.error).toMatchObject({ code: 'step_failed', message: 'it failed before the host stopped' });
  });

  it('RB-10, RB-11: and was optional, is undone and passed over', async () => {
    const history = await died({ optional: true });
    const resumed = await play(stepsWith({ optional: true }), { history });
    expect(resumed.context.trace).toEqual(['undo b', 'z']);
    expect(resumed.report).toMatchObject({ success: true, rollback: { steps: [{ name: 'b', outcome: 'undone' }] } });
  });
});

describe('RB-10, J-1: a rollback that stopped because it could not be recorded', () => {
  /** Refuses one commit, the one with the start of the undo of `step`; later ones are fine, also that of the end of the run. */
  const refusingOnce = (step: string): MemoryJournal => {
    const journal = new MemoryJournal();
    let refused = false;
    journal.onAppend = (events) => {
      if (refused || !events.some((event) => event.type === 'undo-start' && event.step === step)) return;
      refused = true;
      throw new Error('the disk is full');
    };
    return journal;
  };

  it('RB-10, RB-12: of a run that had succeeded, goes on when the run is resumed: it does not succeed again', async () => {
    const first = await play(stepsWith({}));
    const journal = refusingOnce('a');
    await journal.append(first.events);
    const stopped = await play(stepsWith({}), { journal, history: first.events, rollBack: true });
    expect(stopped.report.status).toBe('interrupted');
    expect(stopped.context.trace).toEqual(['undo z', 'undo b']);
    const resumed = await play(stepsWith({}), { journal, history: journal.events });
    expect(linesOf(resumed.events)).not.toContain('step-start a');
    expect(eventsOf(resumed.events, 'undo-start').map(({ step }) => step)).toEqual(['a']);
    expect(outcomesOf(resumed)).toEqual(['z: undone', 'b: undone', 'a: undone']);
    expect(resumed.report.status).toBe('rolled-back');
    expect(foldRunEvents(journal.events).report).toEqual(resumed.report);
  });

  it('RB-10, CT-1: of a run that was cancelled between two steps, goes on: no further step is started', async () => {
    const journal = refusingOnce('a');
    const stopped = await play(stepsWith({}), {
      journal,
      onEvent: (event, orchestrator) =>
        void (event.type === 'step-end' && event.step === 'b' && orchestrator.cancel('enough')),
    });
    expect(stopped.report.status).toBe('interrupted');
    const others = [...stepsWith({}), traced('new')]; // a rollback goes on, whatever the steps are now
    const resumed = await play(others, { journal, history: journal.events });
    expect(eventsOf(resumed.events, 'step-start')).toEqual([]);
    expect(outcomesOf(resumed)).toEqual(['b: undone', 'a: undone']);
    expect(resumed.error).toMatchObject({ cause: { code: 'run_cancelled' } });
    const middle = journal.events.slice(0, journal.events.findLastIndex(({ type }) => type === 'run-resume') + 1);
    expect(foldRunEvents(middle).status).toBe('rolling-back');
  });
});
