import { toErrorRecord, type ErrorRecord } from '../errors/error-record.js';
import { cancelMessage } from '../errors/run-errors.js';

/** Why a run does not go on. */
export interface RunFailure {
  readonly kind: 'failed' | 'cancelled';
  /** The step that failed, or in which the cancel came. */
  readonly step: string | undefined;
  readonly message: string;
  /** The original exception, or the signal's reason, untouched. */
  readonly cause: unknown;
  readonly error: ErrorRecord;
}

/** The failure of a run that was cancelled. */
export function cancelFailure(reason: unknown, step: string | undefined): RunFailure {
  const message = cancelMessage(step, reason);
  const error = { name: 'RunCancelledError', code: 'run_cancelled', message, cause: toErrorRecord(reason) };
  return { kind: 'cancelled', step, message, cause: reason, error };
}

/** The failure of a run because of the failure of a step. */
export function stepFailure(step: string, message: string, cause: unknown): RunFailure {
  return { kind: 'failed', step, message, cause, error: { ...toErrorRecord(cause), message } };
}
