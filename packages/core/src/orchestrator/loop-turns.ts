import type { Clock } from './clock.js';

/** How long steps may keep the event loop to themselves, one after the other. */
const LONGEST_MS = 50;

/**
 * Steps that never wait keep a cancel, a signal or a timer from being heard. After a long one the event loop gets a turn,
 * before the next step begins.
 */
export class LoopTurns {
  readonly #clock: Clock;
  #lastMs: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#lastMs = clock.now();
  }

  /** A turn of the event loop, if the last one is long ago; undefined otherwise, because a turn costs a millisecond. */
  ifDue(): Promise<void> | undefined {
    const now = this.#clock.now();
    if (now - this.#lastMs < LONGEST_MS) return undefined;
    this.#lastMs = now;
    return nextRound().then(nextRound); // the first round may only call timers that are due
  }
}

function nextRound(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
