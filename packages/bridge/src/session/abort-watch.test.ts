import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { onAbort } from './abort-watch.js';

describe('a watch on signals', () => {
  it('tells each listener once, and none that was taken back', () => {
    const stop = new AbortController();
    const told: string[] = [];
    onAbort(stop.signal, () => told.push('first'));
    onAbort(stop.signal, () => told.push('second'))();
    onAbort(stop.signal, () => told.push('third'));
    expect(getEventListeners(stop.signal, 'abort')).toHaveLength(1);
    stop.abort();
    expect(told).toEqual(['first', 'third']);
    onAbort(stop.signal, () => told.push('late'));
    expect(told).toEqual(['first', 'third', 'late']);
  });

  it('leaves a signal that nobody listens to any more, and comes back to it', async () => {
    const stop = new AbortController();
    const leave = onAbort(stop.signal, () => undefined);
    leave();
    await expect.poll(() => getEventListeners(stop.signal, 'abort')).toHaveLength(0);
    let isTold = false;
    onAbort(stop.signal, () => (isTold = true));
    stop.abort();
    expect(isTold).toBe(true);
  });

  it('stays with a signal that somebody still listens to', async () => {
    const [kept, left] = [new AbortController(), new AbortController()];
    let isTold = false;
    onAbort(kept.signal, () => (isTold = true));
    onAbort(left.signal, () => undefined)();
    await expect.poll(() => getEventListeners(left.signal, 'abort')).toHaveLength(0);
    kept.abort();
    expect(isTold).toBe(true);
  });
});
