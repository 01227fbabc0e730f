import { setImmediate } from 'node:timers/promises';

/** A reader holds the thread for so long, and then lets others have it. */
const LONGEST_MS = 10;

/** Lets timers, signals and everybody else's work go on while many small files are read and written at once. */
export class Turns {
  #since = performance.now();

  /** Resolves at once, unless the thread was held for too long. @throws the signal's reason */
  async next(signal: AbortSignal | undefined): Promise<void> {
    if (performance.now() - this.#since >= LONGEST_MS) {
      await setImmediate();
      this.#since = performance.now();
    }
    signal?.throwIfAborted();
  }
}
