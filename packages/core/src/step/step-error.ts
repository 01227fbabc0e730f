import { SynapseStepsError } from '../errors/synapse-steps-error.js';

/** Thrown for a step, a result or a call on a context that breaks the rules of this package; the message says which. */
export class StepUsageError extends SynapseStepsError {
  constructor(code: StepUsageCode, message: string) {
    super({ code, message, retryable: false });
  }
}

export type StepUsageCode =
  | 'invalid_step'
  | 'duplicate_step'
  | 'unknown_step'
  | 'invalid_result'
  | 'invalid_progress'
  | 'invalid_proportion'
  | 'undo_without_rollback'
  | 'no_step_running'
  | 'call_closed'
  | 'already_run'
  | 'private_context_field'
  | 'empty_step_name'
  | 'no_step_named'
  | 'invalid_log'
  | 'invalid_level'
  | 'invalid_metrics'
  | 'invalid_message'
  | 'invalid_logger'
  | 'invalid_setting'
  | 'progress_started'
  | 'no_steps'
  | 'params_not_checked';
