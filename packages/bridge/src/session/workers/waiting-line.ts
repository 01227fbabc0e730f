import { onAbort } from '../abort-watch.js';

/** Somebody who waits. */
export interface Waiter<TNeed, TPlace> {
  readonly need: TNeed;
  /** Ends the wait with a place … */
  enter(place: TPlace): void;
  /** … or with an error. */
  refuse(error: Error): void;
}

/** Calls that wait for a process, in the order in which they came. */
export class WaitingLine<TNeed, TPlace> {
  readonly #waiting: Waiter<TNeed, TPlace>[] = [];

  get length(): number {
    return this.#waiting.length;
  }

  get first(): Waiter<TNeed, TPlace> | undefined {
    return this.#waiting[0];
  }

  /**
   * Waits for a place.
   *
   * @throws the signal's reason, untouched, when it aborts while waiting.
   */
  async join(need: TNeed, signal?: AbortSignal): Promise<TPlace> {
    signal?.throwIfAborted();
    return await new Promise<TPlace>((resolve, reject) => {
      const settled = (): void => {
        stopWatching();
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
      };
      const waiter: Waiter<TNeed, TPlace> = {
        need,
        enter: (place) => {
          settled();
          resolve(place);
        },
        refuse: (error) => {
          settled();
          reject(error);
        },
      };
      this.#waiting.push(waiter);
      const stopWatching = signal ? onAbort(signal, () => waiter.refuse(signal.reason as Error)) : () => undefined;
    });
  }

  refuseAll(error: Error): void {
    for (let { first } = this; first !== undefined; { first } = this) first.refuse(error);
  }
}
