import type { BaseStepContext } from '../context/base-step-context.js';
import { STEP_CALL } from '../context/step-call.js';
import type { BaseStep } from '../step/base-step.js';
import { StepUsageError } from '../step/step-error.js';
import { StepResult } from '../step/step-result.js';
import type { RunReport } from '../report/run-report.js';
import type { RunFailure } from './run-failure.js';

/** What wrappers that repeat, limit or multiply a step need of the run around them. */
export interface StepControl {
  /** `step.execute`, for at most `timeoutMs`; after a cancel or the time limit the step has its grace, then it is given up. */
  execute(step: BaseStep, limit: { readonly timeoutMs?: number }): Promise<StepResult>;
  /**
   * Ends an attempt that failed: undoes it, says so, and waits. False when there must be no further attempt: the undo
   * failed, the attempt has not settled, or the run was cancelled.
   */
  nextAttempt(step: BaseStep, failed: FailedAttempt): Promise<boolean>;
  /** Runs steps as children of this one, at most `concurrency` at a time; the first failure cancels the others. */
  runChildren(steps: readonly BaseStep[], options: { readonly concurrency: number }): Promise<ChildOutcome>;
  /**
   * Calls `listener` when the run is over, after its rollback and once that is recorded; once, however often it is given.
   * A run that stopped where it was is `interrupted`, and may be resumed. What the listener throws is one of the context's
   * `errors`.
   */
  onRunEnd(listener: RunEndListener): void;
}

export type RunEndListener = (report: RunReport) => void;

export interface FailedAttempt {
  readonly error: unknown;
  /** What the attempt returned, unless it threw. */
  readonly result: StepResult | undefined;
  /** The pause before the next attempt, in milliseconds. */
  readonly delayMs: number;
}

export interface ChildOutcome {
  readonly failure: RunFailure | undefined;
  /** What each child returned as its data, by the last part of its path. */
  readonly data: Record<string, Record<string, unknown>>;
  /** What the children did, as of a run of their own: of one that succeeded. */
  readonly report: () => RunReport;
}

/** How a step ends in which a step failed. @throws the reason of a cancel. */
export function failedInside({ step, message, kind, cause }: RunFailure, data: ChildOutcome['data']): StepResult {
  if (kind === 'cancelled') throw cause;
  return StepResult.fail(`its step '${step}' failed: ${message}`, { data, cause });
}

/** @throws StepUsageError where no run is around the step. */
export function stepControl(context: BaseStepContext, wrapper: string): StepControl {
  const control = context[STEP_CALL]?.control;
  if (control === undefined) {
    throw new StepUsageError(
      'no_step_running',
      `A ${wrapper} works only in a run of this process. Wrap the step at the host.`,
    );
  }
  return control;
}
