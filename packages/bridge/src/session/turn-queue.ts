/** Lets one caller in at a time, in the order in which they came. */
export class TurnQueue {
  readonly #waiting: (() => void)[] = [];
  #taken = false;

  /**
   * Waits for a turn and gives the function that ends it.
   *
   * @throws the signal's reason, untouched, when it aborts while waiting.
   */
  async take(signal?: AbortSignal): Promise<() => void> {
    signal?.throwIfAborted();
    if (this.#taken) await this.#wait(signal);
    this.#taken = true;
    return () => this.#next();
  }

  async #wait(signal: AbortSignal | undefined): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const enter = (): void => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(enter), 1);
        reject(signal?.reason as Error);
      };
      signal?.addEventListener('abort', leave, { once: true });
      this.#waiting.push(enter);
    });
  }

  /** Hands the turn on without freeing it between, so that nobody who comes later can slip in. */
  #next(): void {
    const enter = this.#waiting.shift();
    if (enter === undefined) this.#taken = false;
    else enter();
  }
}
