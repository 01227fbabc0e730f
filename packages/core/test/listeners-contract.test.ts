import { afterEach, describe, expect, it, vi } from 'vitest';

import { ParallelStep, RetryStep, TimeoutStep, type BaseStep } from '../src/index.js';
import { failing, never, play, traced, untilAborted, waiting, type TraceContext } from './contract-steps.js';

/** Counts what listens on any signal: each pair of signal and function once, as the signals themselves do. */
function countListeners(): () => number {
  const ids = new WeakMap<object, number>();
  let next = 0;
  const idOf = (value: object): number => ids.get(value) ?? (ids.set(value, (next += 1)), next);
  const listening = new Set<string>();
  const noteBefore = (method: 'addEventListener' | 'removeEventListener', note: (key: string) => void): void => {
    const original = Reflect.get(EventTarget.prototype, method) as (...args: unknown[]) => void;
    vi.spyOn(EventTarget.prototype, method).mockImplementation(function noted(this: EventTarget, ...args: unknown[]) {
      const [type, listener] = args;
      if (this instanceof AbortSignal) note(`${idOf(this)} ${String(type)} ${idOf(listener as object)}`);
      Reflect.apply(original, this, args);
    });
  };
  noteBefore('addEventListener', (key) => listening.add(key));
  noteBefore('removeEventListener', (key) => listening.delete(key));
  return () => listening.size;
}

/** Fails, but only after the run has begun to wait for it. */
async function failsLater(): Promise<never> {
  await Promise.resolve();
  await Promise.resolve();
  throw new Error('too late');
}

const cases: Record<string, () => BaseStep<TraceContext>> = {
  'a pause between attempts': () => new RetryStep(failing('b'), { attempts: 3 }),
  'a time limit that is not reached': () => new TimeoutStep(traced('b', { execute: failsLater }), { timeoutMs: 1e6 }),
  'a time limit that is reached': () =>
    new TimeoutStep(traced('b', { execute: never, cancelGraceMs: 10 }), { timeoutMs: 10 }),
  'steps side by side': () => new ParallelStep([traced('x', { execute: failsLater }), failing('y')], { name: 'b' }),
  'an undo that takes its time, and fails': () => failing('b', { rollback: failsLater }),
  'an undo that takes too long': () => failing('b', { rollback: never }),
};

describe('CT-1: a run leaves no listener on any signal', () => {
  afterEach(() => void vi.restoreAllMocks());

  it.each(Object.entries(cases))('CT-1: not after %s', async (_title, make) => {
    const count = countListeners();
    const { signal } = new AbortController();
    const { report, clock } = await play([traced('a'), make()], { signal, undo: { tries: 2, delayMs: 10 } });
    expect(report.success).toBe(false);
    expect(count()).toBe(0);
    expect(clock.waiting).toBe(0);
  });

  it('CT-1: not after a cancel, but for those that steps put there themselves', async () => {
    const count = countListeners();
    const controller = new AbortController();
    const waits = (name: string): BaseStep<TraceContext> => waiting(name, { execute: (c) => untilAborted(c.signal) });
    const parallel = new ParallelStep([waits('x'), new RetryStep(waits('y')), waits('z')], { name: 'p' });
    await play([parallel], {
      signal: controller.signal,
      onEvent: (event) => void (event.type === 'step-start' && event.step === 'p/z' && controller.abort('enough')),
    });
    expect(count()).toBe(2);
  });
});
