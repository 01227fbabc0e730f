import type { SessionLimits } from './session-limits.js';
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

  get limit(): number {
    return this.#options.limit;
  }

  get windowMs(): number {
    return this.#options.windowMs;
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

/**
 * The budgets of one plugin: one to go forwards, and one for the undo of each step, so that those which the plugin dies of
 * take nothing from the others.
 */
export class RestartBudgets {
  readonly #limits: SessionLimits;
  readonly #clock: Clock;
  readonly #forwards: RestartBudget;
  readonly #undos = new Map<string, RestartBudget>();

  constructor(limits: SessionLimits, clock: Clock) {
    this.#limits = limits;
    this.#clock = clock;
    this.#forwards = this.#budget(limits.maxRestarts);
  }

  /** That of the undo of a step, or the one to go forwards. */
  of(undoOf: string | undefined): RestartBudget {
    if (undoOf === undefined) return this.#forwards;
    // one more, as the process may have been lost before the undo began
    const budget = this.#undos.get(undoOf) ?? this.#budget(this.#limits.maxRestarts + 1);
    this.#undos.set(undoOf, budget);
    return budget;
  }

  #budget(limit: number): RestartBudget {
    const { restartWindowMs: windowMs, restartDelayMs: delayMs, longestRestartDelayMs: longestDelayMs } = this.#limits;
    return new RestartBudget({ limit, windowMs, delayMs, longestDelayMs, clock: this.#clock });
  }
}
