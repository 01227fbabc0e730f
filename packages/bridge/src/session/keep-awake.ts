import type { ManagedProcess } from '../process/index.js';

/**
 * Keeps the host's event loop alive while a plugin is waited for, and lets the host end when it is not. Calls mostly
 * follow each other at once, so only a pause is worth the trouble of letting go.
 */
export class KeepAwake {
  readonly #process: ManagedProcess;
  readonly #isIdle: () => boolean;
  #isAwake = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(process: ManagedProcess, isIdle: () => boolean) {
    this.#process = process;
    this.#isIdle = isIdle;
  }

  /** Somebody waits for the plugin. */
  wake(): void {
    if (this.#isAwake) return;
    this.#isAwake = true;
    this.#process.keepHostAlive(true);
  }

  /** A wait is over; when no other one begins, the host may end. */
  restSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      if (!this.#isIdle()) return;
      this.#isAwake = false;
      this.#process.keepHostAlive(false);
    }, PAUSE_MS).unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}

const PAUSE_MS = 20;
