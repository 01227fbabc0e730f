import { describe, expect, it } from 'vitest';

import { BaseStepContext, defineStep, StepFailedError, StepResult, type JsonObject } from '../src/index.js';
import { eventsOf, failing, linesOf, outcomesOf, play, playOn, traced } from './contract-steps.js';
import { refuseUnhandledRejections } from './unhandled-rejections.js';

refuseUnhandledRejections();

describe('RB-1: undo lives beside the step', () => {
  it('RB-1: a step without a rollback is reported as nothing-to-undo, and the rollback is complete', async () => {
    const played = await play([traced('plain', { rollback: 'none' }), traced('a'), failing('b')]);
    expect(outcomesOf(played)).toEqual(['b: undone', 'a: undone', 'plain: nothing-to-undo']);
    expect(played.report.rollback?.complete).toBe(true);
    expect(played.report.status).toBe('rolled-back');
    expect(eventsOf(played.events, 'undo-start').map(({ step }) => step)).toEqual(['b', 'a']);
  });

  it('RB-1: one that declares itself irreversible and has no rollback is reported as irreversible', async () => {
    const played = await play([traced('mail', { rollback: 'none', irreversible: true }), failing('b')]);
    expect(outcomesOf(played)).toEqual(['b: undone', 'mail: irreversible']);
    expect(played.report.rollback?.complete).toBe(false);
    expect(played.report.status).toBe('rollback-incomplete');
  });

  it('RB-1: one that is irreversible and has a rollback is called, and still reported as irreversible', async () => {
    const played = await play([traced('mail', { irreversible: true }), failing('b')]);
    expect(played.context.trace).toEqual(['mail', 'b', 'undo b', 'undo mail']);
    expect(outcomesOf(played)).toEqual(['b: undone', 'mail: irreversible']);
  });

  it('RB-1: saveUndo in a step without a rollback fails the step and names it', async () => {
    const step = traced('plain', {
      rollback: 'none',
      async execute(context) {
        await context.saveUndo({ id: 1 });
        return StepResult.ok();
      },
    });
    const { error, report } = await play([step]);
    expect(error).toMatchObject({ step: 'plain', cause: { code: 'undo_without_rollback' } });
    expect((error as Error).message).toContain("'plain'");
    expect(report.status).toBe('failed');
  });

  it('RB-1: a run in which no started step has a rollback ends as failed', async () => {
    const { report } = await play([traced('a', { rollback: 'none' }), failing('b', { rollback: 'none' })]);
    expect(report.status).toBe('failed');
  });
});

describe('RB-2: a step is eligible from the moment its execute is entered', () => {
  it('RB-2: the failing step is rolled back too, first, also when it saved nothing', async () => {
    let given: JsonObject | undefined;
    const step = failing('b', {
      rollback: (_context, result) => void (given = { ...result.rollbackData } as JsonObject),
    });
    const { context } = await play([traced('a'), step]);
    expect(context.trace).toEqual(['a', 'b', 'undo b', 'undo a']);
    expect(given).toEqual({});
  });

  it('RB-2: a step that throws synchronously on its first line, one that rejects and one that returns a failure are alike', async () => {
    for (const execute of [
      () => {
        throw new Error('at once');
      },
      () => Promise.reject(new Error('at once')),
      () => StepResult.fail('at once'),
    ]) {
      const { context, error } = await play([traced('a'), traced('b', { execute })]);
      expect(context.trace).toEqual(['a', 'b', 'undo b', 'undo a']);
      expect(error).toMatchObject({ message: "Step 'b' failed: at once" });
    }
  });

  it('RB-2: rollbackOwnFailure = false leaves out the step that failed, and only that', async () => {
    const played = await play([
      traced('a', { rollbackOwnFailure: false }),
      failing('b', { rollbackOwnFailure: false }),
    ]);
    expect(played.context.trace).toEqual(['a', 'b', 'undo a']);
    expect(outcomesOf(played)).toEqual(['a: undone']);
  });

  it('RB-2: steps that were not reached are not rolled back and are reported as pending', async () => {
    const { context, report } = await play([failing('a'), traced('b')]);
    expect(context.trace).toEqual(['a', 'undo a']);
    expect(report.steps.map(({ status }) => status)).toEqual(['failed', 'pending']);
  });
});

describe('RB-3: the order is the strict reverse of the start order', () => {
  it('RB-3: one undo at a time, newest first, each ended before the next begins', async () => {
    let running = 0;
    const highest: number[] = [];
    const rollback = async (): Promise<void> => {
      highest.push((running += 1));
      await Promise.resolve();
      running -= 1;
    };
    const steps = ['a', 'b', 'c', 'd'].map((name) => traced(name, { rollback }));
    const { events, context } = await play([...steps, failing('e', { rollback })]);
    expect(context.trace.slice(5)).toEqual(['undo e', 'undo d', 'undo c', 'undo b', 'undo a']);
    expect(highest).toEqual([1, 1, 1, 1, 1]);
    expect(linesOf(events).filter((line) => line.startsWith('undo-'))).toEqual(
      ['e', 'd', 'c', 'b', 'a'].flatMap((name) => [`undo-start ${name}`, `undo-end ${name}`]),
    );
    expect(eventsOf(events, 'rollback-start')).toMatchObject([{ steps: ['e', 'd', 'c', 'b', 'a'] }]);
  });
});

describe('RB-4: undo data', () => {
  const undone = async (
    execute: (context: BaseStepContext) => Promise<StepResult>,
  ): Promise<{ data: JsonObject | undefined; error: unknown; deltas: unknown[] }> => {
    let data: JsonObject | undefined;
    const step = defineStep({
      name: 'a',
      execute,
      rollback: (_context, result: StepResult) => void (data = result.rollbackData as JsonObject),
    });
    const { error, events } = await playOn(new BaseStepContext(), [step, failing('z')]);
    return { data, error, deltas: eventsOf(events, 'undo-saved').map((event) => event.data) };
  };

  it('RB-4: each call merges its top-level keys, the returned data is one more merge, and rollback gets the fold', async () => {
    const { data, deltas } = await undone(async (context) => {
      await context.saveUndo({ 'unit:1': 1, nested: { a: 1, b: 2 } });
      await context.saveUndo({ 'unit:2': 2, nested: { c: 3 } });
      return StepResult.ok({ rollbackData: { last: true, 'unit:1': 'again' } });
    });
    expect(data).toEqual({ 'unit:1': 'again', 'unit:2': 2, nested: { c: 3 }, last: true });
    expect(deltas).toEqual([
      { 'unit:1': 1, nested: { a: 1, b: 2 } },
      { 'unit:2': 2, nested: { c: 3 } },
    ]);
  });

  it('RB-4: events carry the deltas: step-end has only the data that came with the result', async () => {
    const step = traced('a', {
      async execute(context) {
        await context.saveUndo({ before: 1 });
        return StepResult.ok({ rollbackData: { after: 2 } });
      },
    });
    const { events } = await play([step]);
    expect(eventsOf(events, 'step-end')[0]?.rollbackData).toEqual({ after: 2 });
  });

  it('RB-4: data is copied at the call; what the step changes afterwards does not count', async () => {
    const { data } = await undone(async (context) => {
      const list = { items: [1] };
      await context.saveUndo(list);
      list.items.push(2);
      return StepResult.ok();
    });
    expect(data).toEqual({ items: [1] });
  });

  it('RB-4: what is no JSON fails the step there and then, with the place, and what was saved before is kept', async () => {
    for (const bad of [
      { a: { b: [0, Number.NaN] } },
      { a: { b: [0, () => 1] } },
      { a: { b: [0, new Map()] } },
      { a: { b: [0, new Set()] } },
      { a: { b: [0, Symbol('s')] } },
    ]) {
      const { data, error } = await undone(async (context) => {
        await context.saveUndo({ good: 1 });
        await context.saveUndo(bad);
        return StepResult.ok();
      });
      expect(error).toMatchObject({ step: 'a', cause: { code: 'unserialisable_value', pointer: '/a/b/1' } });
      expect(data).toEqual({ good: 1 });
    }
  });

  it('RB-4: it fails the step also when nobody waits for the call, or the step catches the error', async () => {
    for (const save of [
      (context: BaseStepContext) => void context.saveUndo({ bad: Symbol('s') }),
      (context: BaseStepContext) => context.saveUndo({ bad: Symbol('s') }).catch(() => 'never mind'),
    ]) {
      const { error } = await undone(async (context) => {
        await save(context);
        return StepResult.ok();
      });
      expect(error).toMatchObject({ step: 'a', cause: { code: 'unserialisable_value', pointer: '/bad' } });
    }
  });

  it('RB-4: a cycle, a list, a text and a key that pollutes a prototype are refused', async () => {
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    for (const bad of [cycle, [1], 'text', JSON.parse('{"__proto__": {"x": 1}}')] as unknown as object[]) {
      const { error } = await undone(async (context) => {
        await context.saveUndo(bad);
        return StepResult.ok();
      });
      expect(error).toMatchObject({ step: 'a', cause: { code: 'unserialisable_value' } });
    }
  });

  it('RB-4: rollbackData of a failed result counts, and such data that is no JSON fails the step', async () => {
    const failed = await undone(async (context) => {
      await context.saveUndo({ a: 1 });
      return StepResult.fail('no', { rollbackData: { b: 2 } });
    });
    expect(failed.data).toEqual({ a: 1, b: 2 });
    const bad = await undone(async () => StepResult.ok({ rollbackData: { when: new Set() } as unknown as JsonObject }));
    expect(bad.error).toMatchObject({ step: 'a', cause: { pointer: '/when' } });
    expect(bad.data).toEqual({});
  });

  it('RB-4: each try of an undo gets the data anew; what one try did to its copy is not seen by the next', async () => {
    const seen: unknown[] = [];
    const step = failing('a', {
      rollback: (_context, result) => {
        seen.push({ ...result.rollbackData });
        delete result.rollbackData['id'];
        if (seen.length < 3) throw new Error('again');
      },
      execute: async (context) => {
        await context.saveUndo({ id: 7 });
        throw new Error('broke');
      },
    });
    await play([step]);
    expect(seen).toEqual([{ id: 7 }, { id: 7 }, { id: 7 }]);
  });

  it('RB-4: saveUndo in a rollback is an error of that undo', async () => {
    for (const rollback of [
      (context: BaseStepContext) => context.saveUndo({ x: 1 }),
      (context: BaseStepContext) => void context.saveUndo({ x: 1 }),
    ]) {
      const played = await play([traced('a', { rollback }), failing('b')]);
      expect(outcomesOf(played)).toEqual(['b: undone', 'a: failed']);
      expect(StepFailedError.is(played.error)).toBe(true);
    }
  });
});
