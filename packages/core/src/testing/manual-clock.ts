import type { Clock } from '../orchestrator/clock.js';

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** A clock that stands still until a test moves it. Time begins at 2001-09-09T01:46:40.000Z (10⁹ seconds). */
export class ManualClock implements Clock {
  #elapsedMs = 0;
  readonly #timers = new Set<Timer>();

  now(): number {
    return this.#elapsedMs;
  }

  timestamp(): string {
    return new Date(1_000_000_000_000 + this.#elapsedMs).toISOString();
  }

  /** @throws RangeError for a wait that has no end, or is none. */
  after(ms: number, callback: () => void): () => void {
    if (!Number.isFinite(ms) || ms < 0) throw new RangeError(`A timer cannot wait ${ms} ms.`);
    const timer = { at: this.#elapsedMs + ms, callback };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  /** How many timers wait; 0 after a run, or the run left one behind. */
  get waiting(): number {
    return this.#timers.size;
  }

  /** Moves the clock; what falls due is called in order of time. */
  advance(ms: number): void {
    const end = this.#elapsedMs + ms;
    for (let next = this.#next(end); next; next = this.#next(end)) this.#fire(next);
    this.#elapsedMs = end;
  }

  /** Moves the clock to the next timer, if one waits. */
  advanceToNext(): boolean {
    const next = this.#next(Infinity);
    if (next) this.#fire(next);
    return next !== undefined;
  }

  #fire(timer: Timer): void {
    this.#timers.delete(timer);
    this.#elapsedMs = timer.at;
    timer.callback();
  }

  #next(until: number): Timer | undefined {
    const due = [...this.#timers].filter((timer) => timer.at <= until);
    return due.reduce<Timer | undefined>((first, timer) => (!first || timer.at < first.at ? timer : first), undefined);
  }
}
