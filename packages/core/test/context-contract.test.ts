import { describe, expect, it } from 'vitest';

import { type BaseStep, BaseStepContext, defineStep, RuntimeContext, StepResult } from '../src/index.js';
import { MemoryJournal } from '../src/testing/index.js';
import { eventsOf, failing, playOn } from './contract-steps.js';
import { Loose, setting } from './loose-context.js';

const broken = (name: string): BaseStep<Loose> => setting(name, 1, { execute: () => StepResult.fail(`${name} broke`) });

describe('RB-16: undo sees the current context', () => {
  it('RB-16: with the changes of failing steps and of undos, which are recorded like any others', async () => {
    const seen: unknown[] = [];
    const look = (name: string) => (context: Loose) => {
      seen.push(context.value);
      context.value = `after ${name}`;
    };
    const journal = new MemoryJournal();
    const c = setting('c', 0, {
      execute: (context) => {
        context.value = 'changed before it failed';
        throw new Error('c broke');
      },
      rollback: look('c'),
    });
    const played = await playOn(new Loose(), [setting('a', 'by a', { rollback: look('a') }), c], { journal });
    expect(seen).toEqual(['changed before it failed', 'after c']);
    expect(played.context.value).toBe('after a');
    expect(eventsOf(journal.events, 'context-change').map(({ step, patch }) => [step, patch])).toEqual([
      ['a', [{ op: 'add', path: '/value', value: 'by a' }]],
      ['c', [{ op: 'replace', path: '/value', value: 'changed before it failed' }]],
      ['c', [{ op: 'replace', path: '/value', value: 'after c' }]],
      ['a', [{ op: 'replace', path: '/value', value: 'after a' }]],
    ]);
  });

  it('RB-16: a resumed rollback sees them too', async () => {
    const seen: unknown[] = [];
    const steps = (): BaseStep<Loose>[] => [
      setting('a', { deep: [1] }, { rollback: (context) => void seen.push(context.value) }),
      broken('b'),
    ];
    const journal = new MemoryJournal();
    await playOn(new Loose(), steps(), { journal });
    const history = journal.events.slice(0, journal.events.findIndex(({ type }) => type === 'rollback-start') + 1);
    await playOn(new Loose(), steps(), { history });
    expect(seen).toEqual([{ deep: [1] }, { deep: [1] }]);
  });

  it('RB-16: a field that is no JSON in a journaled run fails its step, names it, and every undo still runs', async () => {
    const played = await playOn(new Loose(), [setting('a', 1), setting('b', new Map())], {
      journal: new MemoryJournal(),
    });
    expect(played.error).toMatchObject({
      step: 'b',
      cause: { code: 'unserialisable_value', message: expect.stringContaining("'value'") as string },
    });
    expect(played.context.seen).toEqual(['undo b', 'undo a']);
    expect(played.report.status).toBe('rolled-back');
  });

  it('RB-16: an undo that leaves such a field behind does not stop the next ones; a warning names the field', async () => {
    const spoil = (context: Loose): void => {
      context.seen.push('undo b');
      context.value = () => 'no JSON';
    };
    const steps = [setting('a', 1), setting('b', 2, { rollback: spoil }), broken('c')];
    const played = await playOn(new Loose(), steps, { journal: new MemoryJournal() });
    expect(played.context.seen).toEqual(['undo c', 'undo b', 'undo a']);
    expect(played.report.status).toBe('rolled-back');
    expect(eventsOf(played.events, 'step-log')[0]).toMatchObject({
      step: 'b',
      level: 'warning',
      message: expect.stringContaining("'value'") as string,
    });
  });
});

describe('V-3: user keys are never renamed', () => {
  it('V-3: params, context fields, data, undo data, metrics and log entries look the same on both sides', async () => {
    const keys = { camelCase: 1, snake_case: 2, 'kebab-case': 3, 'dotted.key': 4, 'a/b~c': 5, ÜmläutKey: 6 };
    class Keys extends BaseStepContext {
      someField: unknown = undefined;
      other_field: unknown = undefined;
    }
    let undo: unknown;
    const step = defineStep<Keys>({
      name: 'a',
      async execute(context) {
        await context.saveUndo(keys);
        context.someField = keys;
        context.other_field = keys;
        context.setMetrics(keys);
        context.log('Some_Event', keys);
        return StepResult.ok({ data: keys, rollbackData: keys });
      },
      rollback: (_context, { rollbackData }) => void (undo = rollbackData),
    });
    const journal = new MemoryJournal();
    const first = new Keys(new RuntimeContext({ params: keys }));
    await playOn(first, [step], { journal });
    const restored = new Keys();
    await playOn(restored, [step], { history: journal.events, rollBack: true });
    expect(undo).toEqual(keys);
    expect([restored.someField, restored.other_field]).toEqual([keys, keys]);
    expect(eventsOf(journal.events, 'run-start')[0]?.params).toEqual(keys);
    expect(eventsOf(journal.events, 'step-metric')[0]?.metrics).toEqual(keys);
    expect(eventsOf(journal.events, 'step-log')[0]).toMatchObject({ event: 'Some_Event', data: keys });
    expect(eventsOf(journal.events, 'undo-saved')[0]?.data).toEqual(keys);
    expect(eventsOf(journal.events, 'step-end')[0]).toMatchObject({ data: keys, rollbackData: keys });
  });
});

describe('V-2: what a failing step leaves in the context of a journaled run', () => {
  it('V-2: does not hide why it failed', async () => {
    const returned = setting('b', 0, {
      execute: (context) => {
        context.value = new Map();
        return StepResult.fail('the real reason');
      },
    });
    const failed = await playOn(new Loose(), [returned], { journal: new MemoryJournal() });
    expect(failed.error).toMatchObject({ message: "Step 'b' failed: the real reason" });
    const step = setting('b', 0, {
      execute: (context) => {
        context.value = new Map();
        throw new Error('the real reason');
      },
    });
    const { error } = await playOn(new Loose(), [setting('a', 1), step, failing('never') as never], {
      journal: new MemoryJournal(),
    });
    expect(error).toMatchObject({ message: "Step 'b' failed: the real reason" });
  });
});
