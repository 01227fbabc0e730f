import { BackendError } from '../errors/backend-error.js';
import { pause } from './pause.js';
import { retryDelay, type RetryPolicy } from './retry-delay.js';

/** What a look told: it is there; it is certainly not there; or nobody can tell. */
export type Finding<T> =
  | { readonly is: 'there'; readonly value: T }
  | { readonly is: 'absent' }
  | { readonly is: 'unclear' };

export interface LookUpOptions {
  readonly retry: RetryPolicy;
  readonly signal?: AbortSignal | undefined;
  /** How often to look before it counts as absent; the work may still be going on. Default 1, and 3 after a time-out. */
  readonly looks?: number;
}

/**
 * Sends something that stores, and when its answer is lost, looks whether it was stored before it sends it again.
 *
 * @throws BackendError `backend_outcome_unknown`, the first one, when the look fails or is unclear.
 */
export async function sendOrLookUp<T>(
  send: () => Promise<T>,
  look: () => Promise<Finding<T>>,
  options: LookUpOptions,
): Promise<T> {
  let lost: BackendError | undefined;
  for (let retry = 0; ; retry += 1) {
    try {
      return await send();
    } catch (error) {
      lost = lostBy(error, lost);
      const finding = await lookAgain(look, lost, options);
      if (finding.is === 'there') return finding.value;
      if (finding.is === 'unclear') throw lost;
      if (error !== lost || retry >= options.retry.retries) throw error;
      await pause(retryDelay(options.retry, retry), options.signal);
    }
  }
}

/**
 * Whose outcome is to be looked up: this one's, or that of an earlier try. What was absent when it was looked for may have
 * come since, and be what this one failed of.
 */
function lostBy(error: unknown, before: BackendError | undefined): BackendError {
  if (!BackendError.is(error)) throw error;
  if (error.code === 'backend_outcome_unknown') return error;
  if (before === undefined) throw error;
  return before;
}

async function lookAgain<T>(
  look: () => Promise<Finding<T>>,
  lost: BackendError,
  { looks = closedEarly(lost) ? 1 : 3, retry, signal }: LookUpOptions,
): Promise<Finding<T>> {
  let finding: Finding<T> = { is: 'unclear' };
  for (let count = 0; count < looks; count += 1) {
    if (count > 0) await pause(retryDelay(retry, count - 1), signal);
    finding = await guarded(look, lost, signal);
    if (finding.is !== 'absent') return finding;
  }
  return finding;
}

/** A look that fails leaves the first error standing: that is the one people must know. */
async function guarded<T>(
  look: () => Promise<Finding<T>>,
  lost: BackendError,
  signal?: AbortSignal,
): Promise<Finding<T>> {
  try {
    return await look();
  } catch (error) {
    if (signal?.aborted || !BackendError.is(error)) throw error;
    throw new BackendError({
      code: 'backend_outcome_unknown',
      message: `${lost.message} The look failed as well: ${error.message}`,
      detail: lost.detail,
      cause: error,
      ...(lost.method !== undefined && { method: lost.method }),
      ...(lost.path !== undefined && { path: lost.path }),
      ...(lost.status !== undefined && { status: lost.status }),
    });
  }
}

/** The connection was closed: whoever worked on it knows that nobody listens any more. */
function closedEarly({ cause }: BackendError): boolean {
  return cause instanceof Error && 'code' in cause && (cause.code === 'UND_ERR_SOCKET' || cause.code === 'ECONNRESET');
}
