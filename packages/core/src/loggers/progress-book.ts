import type { Clock } from '../orchestrator/clock.js';
import { roundHalfEven, secondsBetween } from './round-half-even.js';

/** How far one step, or one category of it, is. Times in seconds, two decimals. */
export interface ProgressData {
  /** Two decimals. */
  readonly percent: number;
  /** 0 … 1, exact. */
  readonly fraction: number;
  /** Since the step began, or since the first report where no beginning is known; null before either. */
  readonly elapsedTime: number | null;
  /** Null while nothing has been measured that it could be foretold from. */
  readonly timeRemaining: number | null;
  readonly status: 'running' | 'failed';
}

interface Category {
  readonly startedMs: number;
  /** What was done already when the clock started. */
  readonly startFraction: number;
}

/** The progress of each category, with a clock of its own that starts with the step, or else at the first report. */
export class ProgressBook {
  readonly #clock: Clock;
  readonly #categories = new Map<string | undefined, Category>();
  readonly #progress = new Map<string | undefined, ProgressData>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get(category: string | undefined): ProgressData | undefined {
    return this.#progress.get(category);
  }

  /** The work of a category begins now, at 0. */
  begin(category: string): void {
    this.#categories.set(category, { startedMs: this.#clock.now(), startFraction: 0 });
  }

  report(category: string | undefined, current: number, total: number): ProgressData {
    const known = this.#categories.get(category);
    const now = this.#clock.now();
    const from = known && current > 0 ? known : { startedMs: now, startFraction: current / total };
    this.#categories.set(category, from);
    const elapsed = secondsBetween(from.startedMs, now);
    return this.#keep(category, {
      percent: roundHalfEven((current / total) * 100, 2),
      fraction: current / total,
      elapsedTime: roundHalfEven(elapsed, 2),
      timeRemaining: remainingTime(elapsed, current, { total, startFraction: from.startFraction }),
      status: 'running',
    });
  }

  fail(category: string | undefined): ProgressData {
    const from = this.#categories.get(category);
    return this.#keep(category, {
      percent: 0,
      fraction: 0,
      elapsedTime: from ? roundHalfEven(secondsBetween(from.startedMs, this.#clock.now()), 2) : null,
      timeRemaining: null,
      status: 'failed',
    });
  }

  #keep(category: string | undefined, progress: ProgressData): ProgressData {
    this.#progress.set(category, progress);
    return progress;
  }
}

/** From what was done since the clock started; a first report above 0 says nothing about how fast the work goes. */
function remainingTime(
  elapsed: number,
  current: number,
  { total, startFraction }: { readonly total: number; readonly startFraction: number },
): number | null {
  if (current === 0) return null;
  if (current === total) return 0;
  const measured = current - startFraction * total;
  return elapsed > 0 && measured > 0 ? roundHalfEven((elapsed / measured) * (total - current), 2) : null;
}
