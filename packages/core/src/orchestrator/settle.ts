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

/**
 * Waits for a promise, but not for ever. Whatever it comes to later is still handled, so nothing is left unhandled. Most
 * promises of steps are settled when they are looked at; only for the others is a limit set up.
 */
export async function settle<T>(
  promise: PromiseLike<T>,
  optionsFor: () => SettleOptions<T>,
): Promise<T | typeof GIVEN_UP> {
  const watch: Watch<T> = { outcome: undefined, onOutcome: undefined };
  promise.then(
    (value) => tell(watch, { value }),
    (error: unknown) => tell(watch, { error }),
  );
  await undefined;
  const outcome = watch.outcome ?? (await limited(watch, optionsFor()));
  if (outcome === GIVEN_UP) return outcome;
  if ('error' in outcome) throw outcome.error;
  return outcome.value;
}

type Outcome<T> = { readonly value: T } | { readonly error: unknown };

interface Watch<T> {
  outcome: Outcome<T> | undefined;
  onOutcome: ((outcome: Outcome<T>) => void) | undefined;
}

function tell<T>(watch: Watch<T>, outcome: Outcome<T>): void {
  if (watch.outcome !== undefined) return; // somebody's own kind of promise, which settles twice
  watch.outcome = outcome;
  watch.onOutcome?.(outcome);
}

function limited<T>(watch: Watch<T>, options: SettleOptions<T>): Promise<Outcome<T> | typeof GIVEN_UP> {
  return new Promise((resolve) => {
    let release = (): void => {};
    watch.onOutcome = (outcome) => {
      release();
      resolve(outcome);
    };
    const giveUp = (): void => {
      watch.onOutcome = options.onLate;
      release();
      resolve(GIVEN_UP);
    };
    release = options.limit(giveUp);
    if (watch.onOutcome === options.onLate) release(); // the limit was over before it began
  });
}
