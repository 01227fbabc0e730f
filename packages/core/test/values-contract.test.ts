import * as core from '../src/index.js';
import { describe, expect, it } from 'vitest';

import {
  type BaseStep,
  BaseStepContext,
  defineStep,
  ParallelStep,
  runEventSchema,
  StepResult,
  toJsonEvent,
  type RunEvent,
} from '../src/index.js';
import { MemoryJournal } from '../src/testing/index.js';
import { eventsOf, play, playOn, traced } from './contract-steps.js';
import { Loose, setting } from './loose-context.js';

describe('V-1: readers', () => {
  it('V-1: readers are called synchronously, in order, and are not waited for', async () => {
    const order: string[] = [];
    const step = traced('a', {
      execute: (context) => {
        order.push('before');
        context.log('now');
        order.push('after');
        return StepResult.ok();
      },
    });
    let slow = false;
    const { report } = await play([step], {
      onEvent: (event) => {
        if (event.type === 'step-log') order.push('read');
        if (event.type === 'run-start') return new Promise<void>(() => (slow = true)) as unknown as void;
      },
    });
    expect(order).toEqual(['before', 'read', 'after']);
    expect([slow, report.success]).toEqual([true, true]);
  });

  it('V-1: only the journal is awaited', async () => {
    let release = (): void => {};
    let entered = false;
    const journal = new MemoryJournal();
    journal.onAppend = () => new Promise((resolve) => (release = resolve));
    const run = play([traced('a', { execute: () => ((entered = true), StepResult.ok()) })], { journal });
    for (let turn = 0; turn < 100; turn += 1) await Promise.resolve();
    expect(entered).toBe(false);
    journal.onAppend = () => {};
    release();
    await run;
    expect(entered).toBe(true);
  });

  it('V-1: an event that a reader causes is delivered after the one that it reads, to all readers alike', async () => {
    const orders: string[][] = [[], []];
    const { Orchestrator, StepRegistry } = core;
    const orchestrator = new Orchestrator(
      new StepRegistry().register(defineStep({ name: 'a', execute: () => StepResult.ok() })),
      new BaseStepContext(),
    );
    orchestrator.events.subscribe((event) => {
      orders[0]?.push(event.type);
      if (event.type === 'step-start') orchestrator.cancel('from a reader');
    });
    orchestrator.events.subscribe((event) => void orders[1]?.push(event.type));
    await expect(orchestrator.execute()).rejects.toMatchObject({ code: 'run_cancelled' });
    expect(orders[0]).toEqual(orders[1]);
    expect(orders[0]?.slice(0, 3)).toEqual(['run-start', 'step-start', 'run-cancel']);
  });
});

describe('V-2: values', () => {
  const odd = (): Record<string, unknown> => ({ map: new Map([[1, 2]]), when: () => 1, big: 10n, ok: 1 });

  it('V-2: in process data and context fields may be anything, and come to the next step untouched', async () => {
    const data = odd();
    const value = new WeakMap();
    let same = false;
    const next = setting('b', 0, {
      execute: (context) => {
        same = context.value === value;
        return StepResult.ok({ data });
      },
    });
    const { report } = await playOn(new Loose(), [setting('a', value), next]);
    expect(same).toBe(true);
    expect(report.steps[1]?.data).toEqual(data);
  });

  it('V-2: with a journal, data that is no JSON is an error that names the path, and the step is undone', async () => {
    const step = setting('a', 1, { execute: () => StepResult.ok({ data: { rows: [{ at: new Map() }] } }) });
    const { error, context } = await playOn(new Loose(), [step], { journal: new MemoryJournal() });
    expect(error).toMatchObject({
      step: 'a',
      cause: { code: 'unserialisable_value', pointer: '/rows/0/at', message: expect.stringContaining("'a'") as string },
    });
    expect(context.seen).toEqual(['undo a']);
  });

  it('V-2: a context that is no JSON from the beginning is refused before a step runs, and leaves nothing behind', async () => {
    const context = new Loose();
    context.value = new Map();
    const { ManualClock } = await import('../src/testing/index.js');
    const clock = new ManualClock();
    await expect(playOn(context, [setting('a', 1)], { journal: new MemoryJournal(), clock })).rejects.toMatchObject({
      code: 'unserialisable_value',
      message: expect.stringContaining("'value'") as string,
    });
    expect(clock.waiting).toBe(0);
    expect(context.seen).toEqual([]);
  });

  it('V-2: fields that the class lists as transient may be anything, and are not written', async () => {
    class WithDatabase extends BaseStepContext {
      static override readonly transient = ['db'];
      db: unknown = new Map();
      rows = 0;
    }
    const journal = new MemoryJournal();
    const step = defineStep<WithDatabase>({
      name: 'a',
      execute: (context) => {
        context.db = new Set();
        context.rows = 3;
        return StepResult.ok();
      },
    });
    const { report } = await playOn(new WithDatabase(), [step], { journal });
    expect(report.success).toBe(true);
    expect(eventsOf(journal.events, 'context-change')[0]?.patch).toEqual([{ op: 'replace', path: '/rows', value: 3 }]);
  });

  it('V-2: a reader that prints JSON writes a tagged placeholder for what is none, and keeps what is', async () => {
    const events: RunEvent[] = [];
    await playOn(new Loose(), [setting('a', 1, { execute: () => StepResult.ok({ data: { deep: odd() } }) })], {
      onEvent: (event) => void events.push(toJsonEvent(event)),
    });
    const end = eventsOf(events, 'step-end')[0];
    expect(JSON.parse(JSON.stringify(end?.data))).toEqual({
      deep: {
        map: { $unserialisable: 'Map' },
        when: { $unserialisable: 'function' },
        big: { $int: '10' },
        ok: 1,
      },
    });
    for (const event of events) runEventSchema.parse(event);
  });

  it('V-2: logs and metrics that are no JSON never break a journal, not by a cycle and not by a getter that throws', async () => {
    const cycle: Record<string, unknown> = { name: 'loop' };
    cycle['self'] = cycle;
    cycle['list'] = [cycle, cycle];
    const trap = {
      ok: 1,
      get bad(): never {
        throw new Error('trap');
      },
    };
    const journal = new MemoryJournal();
    const step = setting('a', 1, {
      execute: (context) => {
        context.log('cycle', cycle);
        context.log('trap', trap);
        context.setMetrics({ cycle, loss: Number.NaN });
        return StepResult.ok();
      },
    });
    const { report, events } = await playOn(new Loose(), [step], { journal });
    expect(report.success).toBe(true);
    expect(eventsOf(events, 'observer-error')).toEqual([]);
    expect(journal.events.map(({ seq }) => seq)).toEqual(events.map(({ seq }) => seq));
    expect(eventsOf(journal.events, 'step-log')[0]).toMatchObject({
      data: { name: 'loop', self: { $unserialisable: expect.any(String) as string } },
    });
    expect(eventsOf(journal.events, 'step-log')[1]).toMatchObject({ event: 'trap' });
  });

  it('V-2: a context with #private fields works in sequence, and in a view says clearly what is wrong', async () => {
    class Hidden extends BaseStepContext {
      #count = 0;
      add(): number {
        this.#count += 1;
        return this.#count;
      }
    }
    const step = (name: string): BaseStep<Hidden> =>
      defineStep<Hidden>({
        name,
        execute: (context) => {
          context.add();
          return StepResult.ok();
        },
      });
    expect((await playOn(new Hidden(), [step('a')])).report.success).toBe(true);
    const { error } = await playOn(new Hidden(), [new ParallelStep<Hidden>([step('x'), step('y')])]);
    expect((error as Error).message).toMatch(/#private/);
    expect((error as Error).message).toMatch(/Hidden/);
  });
});
