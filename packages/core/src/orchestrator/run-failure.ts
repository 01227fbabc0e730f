import { toErrorRecord, type ErrorRecord } from '../errors/error-record.js';
import { cancelMessage } from '../errors/run-errors.js';

/** Why a run does not go on. */
export interface RunFailure {
  readonly kind: 'failed' | 'cancelled' | 'interrupted';
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

/** A run that stops where it is: told to, or because its journal cannot be written. It can be resumed. */
export function interruptedFailure(step: string | undefined, cause: unknown): RunFailure {
  const message = `The run was interrupted${step === undefined ? '' : ` in step '${step}'`}; it can be resumed.`;
  const error = { name: 'RunInterruptedError', code: 'run_interrupted', message, cause: toErrorRecord(cause) };
  return { kind: 'interrupted', step, message, cause, error };
}

/** No failure at all: somebody wants a run undone that is over. */
export function requestedFailure(cause: Error): RunFailure {
  return { kind: 'failed', step: undefined, message: cause.message, cause, error: toErrorRecord(cause) };
}
