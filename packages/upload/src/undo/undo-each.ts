import { BackendError } from '@synapse-steps/backend';
import { errorMessage } from '@synapse-steps/core';

import { atOnce } from '../sending/at-once.js';
import { UploadError } from '../upload-error.js';

/** How many requests travel at once. */
const WIDTH = 10;
/** After so many failures one after the other the backend is taken to be away. */
const MOST_FAILURES_IN_A_ROW = 25;

/** What could not be undone, and why. */
export interface UndoFailure {
  readonly what: string;
  readonly error: unknown;
}

export interface UndoEachOptions<T> {
  readonly signal: AbortSignal;
  readonly nameOf: (item: T) => string;
  readonly undo: (item: T) => Promise<void>;
}

/**
 * Undoes one thing after the other, and goes on past those that fail. When the backend seems to be away, it stops: what is
 * left is undone when the whole is tried again.
 */
export async function undoEach<T>(
  items: readonly T[],
  { signal, nameOf, undo }: UndoEachOptions<T>,
): Promise<UndoFailure[]> {
  const failures: UndoFailure[] = [];
  let inARow = 0;
  await atOnce(items, WIDTH, async (item) => {
    signal.throwIfAborted();
    if (inARow >= MOST_FAILURES_IN_A_ROW) {
      failures.push({ what: nameOf(item), error: new Error('It was not tried: the backend seems to be away.') });
      return;
    }
    try {
      await undo(item);
      inARow = 0;
    } catch (error) {
      if (signal.aborted || !BackendError.is(error)) throw error;
      inARow += 1;
      failures.push({ what: nameOf(item), error });
    }
  });
  return failures;
}

/** @throws UploadError `undo_incomplete` that says how much is left, if there is any */
export function assertUndone(failures: readonly UndoFailure[]): void {
  const [first] = failures;
  if (!first) return;
  const others = failures.length > 1 ? ` and ${failures.length - 1} more` : '';
  throw new UploadError({
    code: 'undo_incomplete',
    message: `${first.what}${others} could not be removed from the backend: ${errorMessage(first.error)}`,
    cause: first.error,
  });
}
