/** The time that a request may go on without anything happening is over. */
class OutOfPatienceError extends Error {
  override readonly name = 'OutOfPatienceError';
}

/**
 * Ends a request when its caller aborts, or when nothing happened for too long. Each sign of life (a chunk sent, a chunk
 * received) starts the time again, so a large file may take as long as it needs.
 */
export class Patience {
  readonly #controller = new AbortController();
  readonly #outer: AbortSignal | undefined;
  readonly #onOuterAbort = (): void => this.#controller.abort(this.#outer?.reason);
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;

  constructor(outer?: AbortSignal) {
    this.#outer = outer;
    if (outer?.aborted) this.#onOuterAbort();
    else outer?.addEventListener('abort', this.#onOuterAbort, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** From now on `ms` may pass. @param what for people, such as `no answer came` */
  allow(ms: number, what: string): void {
    this.rest();
    if (this.#isOver) return; // a chunk that is still asked for; a timer would hold the process
    this.#timer = setTimeout(() => {
      this.#controller.abort(new OutOfPatienceError(`${what} within ${ms / 1000} s`));
    }, ms);
  }

  /** Any time may pass, until the next {@link allow}. */
  rest(): void {
    clearTimeout(this.#timer);
  }

  /** Stops the request if it still runs. */
  stop(): void {
    this.#controller.abort(new Error('the request is over'));
  }

  /** Lets go of timer and listener. */
  end(): void {
    this.#isOver = true;
    this.rest();
    this.#outer?.removeEventListener('abort', this.#onOuterAbort);
  }
}
