/** What a step came to when it did not settle in time. */
export const GIVEN_UP: unique symbol = Symbol('given up');

export function isPromise<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

interface SettleOptions {
  /** Called once; its argument ends the wait with {@link GIVEN_UP}. Returns what releases its timers and listeners. */
  readonly limit: (giveUp: () => void) => () => void;
  /** Told when a promise has settled after all that had already been given up, and whether it failed. */
  readonly onLate: (failed: { readonly error: unknown } | undefined) => void;
}

/** Waits for a promise, but not for ever. Whatever it comes to later is still handled, so nothing is left unhandled. */
export async function settle<T>(promise: PromiseLike<T>, options: SettleOptions): Promise<T | typeof GIVEN_UP> {
  return new Watch(promise).settle(options);
}

/**
 * Watches a promise. Most promises of steps are settled when they are looked at for the first time; only for the others is
 * it worth setting up a limit.
 */
export class Watch<T> {
  #state: 'pending' | 'fulfilled' | 'rejected' = 'pending';
  #value: T | undefined;
  #error: unknown;
  #onSettled: (() => void) | undefined;

  constructor(promise: PromiseLike<T>) {
    promise.then(
      (value) => this.#settle('fulfilled', value, undefined),
      (error: unknown) => this.#settle('rejected', undefined, error),
    );
  }

  get isPending(): boolean {
    return this.#state === 'pending';
  }

  /** What the promise came to. @throws what it was rejected with. */
  result(): T {
    if (this.#state === 'rejected') throw this.#error;
    return this.#value as T;
  }

  async settle(options: SettleOptions): Promise<T | typeof GIVEN_UP> {
    if (this.isPending && !(await this.#settlesWithin(options))) return GIVEN_UP;
    return this.result();
  }

  #settlesWithin({ limit, onLate }: SettleOptions): Promise<boolean> {
    return new Promise((resolve) => {
      let release = (): void => {};
      let isOver = false;
      this.#onSettled = () => {
        release();
        resolve(true);
      };
      const giveUp = (): void => {
        isOver = true;
        this.#onSettled = () => onLate(this.#state === 'rejected' ? { error: this.#error } : undefined);
        release();
        resolve(false);
      };
      release = limit(giveUp);
      if (isOver) release(); // the limit was over before it began
    });
  }

  #settle(state: 'fulfilled' | 'rejected', value: T | undefined, error: unknown): void {
    if (!this.isPending) return; // somebody's own kind of promise, which settles twice
    this.#state = state;
    this.#value = value;
    this.#error = error;
    this.#onSettled?.();
  }
}
