import { StepFailedError } from '@synapse-steps/core';
import { DatasetError, type DatasetErrorCode } from '@synapse-steps/datasets';
import type { Raised } from '../../actions/cases/action-vector.js';
import { describeError } from '../../actions/run/run-action.js';

/** What Python's errors of the same meaning are called. */
const PYTHON: Readonly<Partial<Record<DatasetErrorCode, string>>> = {
  params_invalid: 'ValueError',
  path_missing: 'FileNotFoundError',
  split_missing: 'FileNotFoundError',
  dataset_not_readable: 'FileNotFoundError',
  dataset_empty: 'FileNotFoundError',
  format_unknown: 'ValueError',
};

export function describeDatasetError(error: unknown): Raised {
  const cause = ownCause(error);
  const raised = describeError(cause);
  return DatasetError.is(cause) ? { ...raised, type: PYTHON[cause.code] ?? raised.type } : raised;
}

/** The SDK's dataset action has no steps: what one fails with comes out as it is. */
function ownCause(error: unknown): unknown {
  return StepFailedError.is(error) && error.cause !== undefined ? error.cause : error;
}
