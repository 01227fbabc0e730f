/** Counts restarts within a sliding window, so that a plugin that dies at once is not started for ever. */
export class RestartBudget {
  readonly #limit: number;
  readonly #windowMs: number;
  #restarts: number[] = [];

  constructor(options: { readonly limit: number; readonly windowMs: number }) {
    this.#limit = options.limit;
    this.#windowMs = options.windowMs;
  }

  /** Takes one restart out of the budget; false when there is none left. `now` is monotonic, in milliseconds. */
  take(now: number = performance.now()): boolean {
    this.#restarts = this.#restarts.filter((time) => now - time < this.#windowMs);
    if (this.#restarts.length >= this.#limit) return false;
    this.#restarts.push(now);
    return true;
  }
}
