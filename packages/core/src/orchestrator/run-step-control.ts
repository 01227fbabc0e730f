import type { BaseStep } from '../step/base-step.js';
import type { StepResult } from '../step/step-result.js';
import type { ActiveCall } from './active-call.js';
import { nextAttempt } from './attempts.js';
import { runChildren } from './child-run.js';
import { executeBounded } from './execute-bounded.js';
import type { ChildOutcome, FailedAttempt, RunEndListener, StepControl } from './step-control.js';

/** What the wrappers around a step ask of its run. */
export class RunStepControl implements StepControl {
  readonly #call: ActiveCall;

  constructor(call: ActiveCall) {
    this.#call = call;
  }

  execute(step: BaseStep, limit: { readonly timeoutMs?: number }): Promise<StepResult> {
    return executeBounded(this.#call, step, limit);
  }

  nextAttempt(step: BaseStep, failed: FailedAttempt): Promise<boolean> {
    return nextAttempt(this.#call, step, failed);
  }

  runChildren(steps: readonly BaseStep[], options: { readonly concurrency: number }): Promise<ChildOutcome> {
    return runChildren(this.#call, steps, options);
  }

  onRunEnd(listener: RunEndListener): void {
    this.#call.entry.scope.run.endListeners.add(listener);
  }
}
