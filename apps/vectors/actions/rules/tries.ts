import { wildcard } from '../../../../test-fixtures/backend/fault.js';
import type { RunGiven } from '../cases/action-vector.js';

/** A try of a request, as the vector's faults answer it. */
export interface Try {
  readonly status: number;
  /** The work was done, although the answer does not say so. */
  readonly isDone: boolean;
}

/** Three more tries are made. */
const MOST_TRIES = 4;

/**
 * What the tries of a request come to: it is sent again while the answer is one of `again`. The last one is the one that
 * counts.
 */
export function triesOf(
  { faults }: Pick<RunGiven, 'faults'>,
  { method, path, good, again }: { method: string; path: string; good: number; again: readonly number[] },
): Try[] {
  const tries: Try[] = [];
  while (tries.length < MOST_TRIES) {
    const number = tries.length + 1;
    const fault = faults.find(
      ({ method: struck, path: pattern, nth = 1, times = 1 }) =>
        struck === method && wildcard(pattern).test(path) && number >= nth && number < nth + times,
    );
    const { status = 0, after = false } = fault ?? { status: good, after: true };
    tries.push({ status, isDone: after });
    if (!again.includes(status)) break;
  }
  return tries;
}
