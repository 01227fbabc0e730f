import { RunCancelledError, RunInterruptedError, StepFailedError } from '../errors/run-errors.js';
import type { RunReport } from '../report/run-report.js';
import type { RunFailure } from './run-failure.js';

/** The error that `execute` rejects with. */
export function toRunError(failure: RunFailure, report: RunReport): StepFailedError {
  const { kind, step, message, cause } = failure;
  if (kind === 'cancelled') return new RunCancelledError({ step, reason: cause, report });
  if (kind === 'interrupted') return new RunInterruptedError({ message, cause, report });
  return new StepFailedError({ step: step ?? '', error: message, cause, report });
}
