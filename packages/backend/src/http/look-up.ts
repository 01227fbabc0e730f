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
 * Sends something that stores, and when its answer is lost, or says only that it failed, looks whether it was stored before
 * it is sent again. After a failure that will not be gone in a moment it is looked, and not sent again.
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
      if (BackendError.is(error) && error.code === 'backend_outcome_unknown') lost = error;
      // What was absent when it was looked for may have come since, and be what this try failed of.
      const doubt = lost ?? doubtful(error);
      const finding = await lookAgain(look, doubt, options);
      if (finding.is === 'there') return finding.value;
      if (finding.is === 'unclear') throw asUnknown(doubt);
      if (!(error === lost || isBusy(error)) || retry >= options.retry.retries) throw error;
      await pause((error as BackendError).retryAfterMs ?? retryDelay(options.retry, retry), options.signal);
    }
  }
}

/** An answer that says that something failed, and not whether the work was done before it did. @throws any other */
function doubtful(error: unknown): BackendError {
  if (!BackendError.is(error)) throw error;
  const { code, status = 0 } = error;
  if ((code === 'backend_failed' || code === 'backend_refused') && (status >= 500 || MAYBE_DONE.has(status)))
    return error;
  throw error;
}

const MAYBE_DONE = new Set([408, 425, 429]);

function isBusy(error: unknown): boolean {
  return BackendError.is(error) && error.status === 503;
}

function asUnknown(doubt: BackendError): BackendError {
  if (doubt.code === 'backend_outcome_unknown') return doubt;
  return unknownBy(doubt, `${doubt.message} Nobody can tell whether it was carried out before it failed.`, doubt.cause);
}

async function lookAgain<T>(
  look: () => Promise<Finding<T>>,
  lost: BackendError,
  { looks = isSettled(lost) ? 1 : 3, retry, signal }: LookUpOptions,
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
    throw unknownBy(lost, `${lost.message} The look failed as well: ${error.message}`, error);
  }
}

function unknownBy(
  { detail, method, path, status, retryAfterMs }: BackendError,
  message: string,
  cause: unknown,
): BackendError {
  return new BackendError({
    code: 'backend_outcome_unknown',
    message,
    detail,
    ...(cause !== undefined && { cause }),
    ...(method !== undefined && { method }),
    ...(path !== undefined && { path }),
    ...(status !== undefined && { status }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

/** It is over: the backend itself has answered, or whoever worked on it knows that nobody listens any more. */
function isSettled({ code, cause }: BackendError): boolean {
  if (code !== 'backend_outcome_unknown') return true;
  return cause instanceof Error && 'code' in cause && (cause.code === 'UND_ERR_SOCKET' || cause.code === 'ECONNRESET');
}
