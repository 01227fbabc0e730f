import type { ManualClock } from '../src/testing/index.js';

/**
 * Waits for a promise on a clock that stands still: whenever nothing moves any more, the clock goes to its next timer; when
 * there is none, `onStuck` has to get things moving.
 */
export async function settleInTime<T>(clock: ManualClock, promise: Promise<T>, onStuck = (): void => {}): Promise<T> {
  let settled = false;
  const done = (): void => void (settled = true);
  promise.then(done, done);
  for (let rounds = 0; !settled; rounds += 1) {
    if (rounds > 10_000) throw new Error('The promise does not settle, however late it gets.');
    await afterMicrotasks();
    if (settled || clock.advanceToNext()) continue;
    await afterTimers(); // a run gives the event loop a turn after long steps, on no clock but the real one
    if (!settled) onStuck();
  }
  return promise;
}

/** A task of its own, so that all promises that can go on have gone on. A message comes sooner than any timer. */
export function afterMicrotasks(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    const onmessage = (): void => {
      port1.close();
      resolve();
    };
    Object.assign(port1, { onmessage }); // the types of Node do not know it
    port2.postMessage(undefined);
  });
}

async function afterTimers(): Promise<void> {
  for (let round = 0; round < 4; round += 1) await new Promise((resolve) => setTimeout(resolve, 0));
}
