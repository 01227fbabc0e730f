import type { Clock } from './clock.js';

/**
 * The cancel state of one run. The first cancel counts; whoever waits for a step is told when the step has used up its
 * grace. The signal that steps see is made only when one asks for it.
 */
export class Cancellation {
  readonly #clock: Clock;
  readonly #waiting = new Set<Waiting>();
  #controller: AbortController | undefined;
  #reason: unknown;
  #requested = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get requested(): boolean {
    return this.#requested;
  }

  get reason(): unknown {
    return this.#reason;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#requested) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  /** Changes nothing when the run was already cancelled. */
  request(reason: unknown): void {
    if (this.#requested) return;
    this.#requested = true;
    this.#reason = reason;
    for (const waiting of this.#waiting) this.#startGrace(waiting);
    this.#controller?.abort(reason);
  }

  /** Calls `listener` once the run has been cancelled for `graceMs`; returns what ends that. */
  whenGraceIsOver(graceMs: number, listener: () => void): () => void {
    if (graceMs === Infinity) return nothingToEnd; // no timer waits for ever
    const waiting: Waiting = { graceMs, listener, stop: undefined };
    this.#waiting.add(waiting);
    if (this.#requested) this.#startGrace(waiting);
    return () => {
      waiting.stop?.();
      this.#waiting.delete(waiting);
    };
  }

  #startGrace(waiting: Waiting): void {
    waiting.stop = this.#clock.after(waiting.graceMs, waiting.listener);
  }
}

function nothingToEnd(): void {}

interface Waiting {
  readonly graceMs: number;
  readonly listener: () => void;
  stop: (() => void) | undefined;
}
