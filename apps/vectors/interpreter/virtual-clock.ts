import type { Clock } from '@synapse-steps/core';

/**
 * Seconds that stand still at 1000 until a case says otherwise. It has no background: nothing happens because time passes,
 * only pauses of no length come to their end.
 */
export class VirtualClock implements Clock {
  #seconds = 1000;

  advance(seconds: number): void {
    this.#seconds += seconds;
  }

  now(): number {
    return exactMilliseconds(this.#seconds);
  }

  timestamp(): string {
    return new Date(Math.round(this.#seconds * 1000)).toISOString();
  }

  after(ms: number, callback: () => void): () => void {
    if (ms > 0) return () => {};
    let stopped = false;
    queueMicrotask(() => void (stopped || callback()));
    return () => void (stopped = true);
  }
}

/** Milliseconds that give the very same seconds when divided by 1000; multiplying alone is sometimes off by one bit. */
function exactMilliseconds(seconds: number): number {
  const ms = seconds * 1000;
  const step = Math.abs(ms) * 2 ** -52;
  return [ms, ms - step, ms + step].find((candidate) => candidate / 1000 === seconds) ?? ms;
}
