import type { Clock } from './workers/clock.js';

/** How often something may be started again, and how fast. */
export interface RestartBudgetOptions {
  readonly limit: number;
  readonly windowMs: number;
  /** The pause before the second restart within the window; it doubles with each further one. */
  readonly delayMs: number;
  readonly longestDelayMs: number;
  readonly clock: Pick<Clock, 'now' | 'random'>;
}

/**
 * Counts restarts within a sliding window, so that a plugin that dies at once is not started for ever, nor in a hurry. The
 * first restart comes without a pause: most deaths are single ones, and an undo may be waiting.
 */
export class RestartBudget {
  readonly #options: RestartBudgetOptions;
  #restarts: number[] = [];

  constructor(options: RestartBudgetOptions) {
    this.#options = options;
  }

  /** Takes one restart out of the budget: how long to wait before it, or `undefined` when there is none left. */
  take(): number | undefined {
    const { limit, windowMs, clock } = this.#options;
    const now = clock.now();
    this.#restarts = this.#restarts.filter((time) => now - time < windowMs);
    if (this.#restarts.length >= limit) return undefined;
    this.#restarts.push(now);
    return this.#pauseBefore(this.#restarts.length);
  }

  /** Half of it is by chance, so that plugins that died of the same cause do not all come back at the same moment. */
  #pauseBefore(restart: number): number {
    if (restart === 1) return 0;
    const { delayMs, longestDelayMs, clock } = this.#options;
    const pause = Math.min(longestDelayMs, delayMs * 2 ** (restart - 2));
    return pause * (0.5 + clock.random() / 2);
  }
}
