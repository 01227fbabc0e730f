import { describe, expect, it } from 'vitest';

import { ParallelStep, StepResult } from '../src/index.js';
import { MemoryJournal } from '../src/testing/index.js';
import { eventsOf, failing, never, play, traced, waiting } from './contract-steps.js';

describe('CT-1: cancels', () => {
  it('CT-1: the first counts: its reason stays, and a second neither changes it nor lengthens the grace', async () => {
    const deaf = traced('a', { execute: never, cancelGraceMs: 100 });
    const played = await play([deaf], {
      onEvent: (event, orchestrator) => {
        if (event.type !== 'step-start') return;
        queueMicrotask(() => {
          orchestrator.cancel('first');
          orchestrator.cancel('second');
        });
      },
    });
    expect(played.error).toMatchObject({ code: 'run_cancelled', step: 'a', cause: 'first' });
    expect(played.clock.now()).toBe(100);
    expect(played.clock.waiting).toBe(0);
  });

  it('CT-1: a failure is none: the signal that steps saw is not aborted by it', async () => {
    let signal: AbortSignal | undefined;
    const a = traced('a', { execute: (context) => ((signal = context.signal), StepResult.ok()) });
    const { report } = await play([a, failing('b')]);
    expect(report.status).toBe('rolled-back');
    expect(signal?.aborted).toBe(false);
  });

  it('CT-1, RB-11: in an optional step is told with the name of that step', async () => {
    const { error } = await play([waiting('b', { optional: true })], {
      onEvent: (event, orchestrator) => void (event.type === 'step-start' && orchestrator.cancel('enough')),
    });
    expect(error).toMatchObject({ code: 'run_cancelled', step: 'b' });
  });

  it('CT-1: while the last step, an optional one, is undone, ends the run before it is at 100', async () => {
    const { events, error } = await play([failing('a', { optional: true, rollback: () => undefined })], {
      onEvent: (event, orchestrator) => void (event.type === 'undo-start' && orchestrator.cancel('enough')),
    });
    expect(error).toMatchObject({ code: 'run_cancelled' });
    expect(eventsOf(events, 'run-progress').map(({ percent }) => percent)).not.toContain(100);
  });
});

describe('J-1: an optional step', () => {
  it('J-1, RB-11: in which the run is told to stop where it is, is not undone', async () => {
    const played = await play([traced('a'), waiting('b', { optional: true }), traced('c')], {
      journal: new MemoryJournal(),
      onEvent: (event, orchestrator) =>
        void (event.type === 'step-start' && event.step === 'b' && orchestrator.interrupt('deploy')),
    });
    expect(played.context.trace).toEqual(['a', 'b']);
    expect(played.report.status).toBe('interrupted');
    expect(played.report.rollback).toBeUndefined();
  });

  it('J-1, CT-4: whose undo cannot be recorded is the news, also when a sibling had failed before', async () => {
    const journal = new MemoryJournal();
    let refused = false;
    journal.onAppend = (events) => {
      if (refused || !events.some(({ type }) => type === 'undo-start')) return;
      refused = true;
      throw new Error('the disk is full');
    };
    const x = failing('x', { optional: true });
    const { report } = await play([new ParallelStep([x, failing('y')], { name: 'p' })], { journal });
    expect(report.steps.map(({ name, error }) => [name, error?.code])).toEqual([
      ['p', 'journal_write_failed'],
      ['p/x', 'error'],
      ['p/y', 'error'],
    ]);
  });
});

describe('PR-2: progress', () => {
  it('PR-2: is told after each step, also one that moves it by less than a percent', async () => {
    const light = { progressWeight: 0.001 };
    const steps = [
      traced('a'),
      traced('b', light),
      failing('c', { ...light, optional: true }),
      traced('d', { progressWeight: 2 }),
    ];
    const skipped = traced('s', { ...light, canSkip: () => true });
    const { events } = await play([...steps.slice(0, 2), skipped, ...steps.slice(2), traced('e', light)]);
    expect(eventsOf(events, 'run-progress').map(({ percent }) => percent)).toEqual([33, 33, 33, 33, 99, 100]);
  });
});

describe('a result that has a field `then`', () => {
  it('RB-13: which is no function, is a result and no promise', async () => {
    const odd = Object.assign(StepResult.ok({ data: { rows: 1 } }), { then: 'next' });
    const { report } = await play([traced('a', { execute: () => odd })]);
    expect(report.steps).toMatchObject([{ status: 'completed', data: { rows: 1 } }]);
  });
});

describe('beforeStep', () => {
  it('CT-4: is asked before each step of the registry, with its name, and not before those inside a step', async () => {
    const asked: string[] = [];
    const inside = new ParallelStep([traced('x')], { name: 'p' });
    await play([traced('a'), inside], {
      beforeStep: (step, { trace }) => void asked.push(`${step} after ${trace.length}`),
    });
    expect(asked).toEqual(['a after 0', 'p after 1']);
  });

  it('RB-13: that throws is a failure of that step, which is not entered', async () => {
    const beforeStep = (step: string): void => {
      if (step === 'b') throw new Error('not today');
    };
    const { error, context } = await play([traced('a'), traced('b')], { beforeStep });
    expect(error).toMatchObject({ step: 'b', message: "Step 'b' failed: not today" });
    expect(context.trace).toEqual(['a', 'undo a']);
  });
});

describe('RB-13: what is no result', () => {
  const returning = async (value: unknown): Promise<unknown> => {
    const { error } = await play([traced('a', { execute: () => value as StepResult })]);
    return error;
  };

  it.each([
    [undefined, "The step 'a' returned nothing instead of a StepResult."],
    [null, "The step 'a' returned null instead of a StepResult."],
    [3, "The step 'a' returned a value of type number instead of a StepResult."],
  ])('RB-13: %s is told as what it is', async (value, message) => {
    expect(await returning(value)).toMatchObject({ cause: { code: 'invalid_result', message } });
  });

  it.each([{ success: 1 }, { skipped: 'no' }, { success: null, skipped: null }, { data: [] }, { rollbackData: null }])(
    'RB-13: %j makes a result none',
    async (fields) => {
      expect(await returning(Object.assign(StepResult.ok(), fields))).toMatchObject({
        cause: { code: 'invalid_result' },
      });
    },
  );
});
