import { CompensatedSum } from './compensated-sum.js';

/** The largest fraction that is not yet all. */
const ALMOST_ONE = 1 - 2 ** -53;

/**
 * How far a run is: (weights of the finished steps + the running step's weight × its own fraction) ÷ all weights. It
 * never falls (a retried step begins again, the run does not), and is 1 only when the last step is done.
 */
export class WeightedProgress {
  readonly #total: number;
  readonly #finished = new CompensatedSum();
  #remainingSteps: number;
  #highest = 0;

  constructor(totalWeight: number, steps: number) {
    this.#total = totalWeight;
    this.#remainingSteps = steps;
  }

  /** False when all weights are 0: there is no percentage then. */
  get isMeasured(): boolean {
    return this.#total > 0;
  }

  /** The running step of `weight` is at `fraction` of its own work. */
  advance(weight: number, fraction: number): void {
    this.#raise((this.#finished.value + weight * fraction) / this.#total);
  }

  finish(weight: number): void {
    this.#finished.add(weight);
    this.#remainingSteps -= 1;
    this.#raise(this.#finished.value / this.#total);
  }

  /** 0 … 1. */
  get fraction(): number {
    return this.#highest;
  }

  /** Whole percent, truncated. */
  get percent(): number {
    return wholePercent(this.#highest);
  }

  #raise(fraction: number): void {
    const reached = this.#remainingSteps === 0 ? 1 : Math.min(fraction, ALMOST_ONE);
    if (reached > this.#highest) this.#highest = reached;
  }
}

/** Truncates, but not below a whole percent that only the division missed: 0.29 × 100 is 28.999999999999996. */
function wholePercent(fraction: number): number {
  if (fraction >= 1) return 100;
  return Math.min(99, Math.floor(fraction * 100 + 1e-9));
}
