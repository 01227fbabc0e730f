/** What a step came to when it did not settle in time. */
export const GIVEN_UP: unique symbol = Symbol('given up');

export function isPromise<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

interface SettleOptions<T> {
  /** Called once; its argument ends the wait with {@link GIVEN_UP}. Returns what releases its timers and listeners. */
  readonly limit: (giveUp: () => void) => () => void;
  /** Told what a promise came to that had already been given up. */
  readonly onLate: (late: { readonly value: T } | { readonly error: unknown }) => void;
}

/** Waits for a promise, but not for ever. Whatever it comes to later is still handled, so nothing is left unhandled. */
export function settle<T>(promise: PromiseLike<T>, options: SettleOptions<T>): Promise<T | typeof GIVEN_UP> {
  return new Promise((resolve) => {
    let givenUp = false;
    const release = options.limit(() => {
      givenUp = true;
      release();
      resolve(GIVEN_UP);
    });
    promise.then(
      (value) => {
        if (givenUp) return options.onLate({ value });
        release();
        resolve(value);
      },
      (error: unknown) => {
        if (givenUp) return options.onLate({ error });
        release();
        resolve(promise); // rejected already, and so is this one then, with the error untouched
      },
    );
  });
}
