import { BaseStep } from '@synapse-steps/core';
import type { RequestResult } from '../protocol/methods.js';

/** Steps as a plugin describes them. */
export function describeSteps(steps: readonly BaseStep[]): Partial<RequestResult<'describe'>> {
  return {
    steps: steps.map((step) => ({
      name: step.name,
      weight: step.progressWeight,
      title: step.title ?? null,
      version: null,
      step_params: null,
      can_skip: step.canSkip !== BaseStep.prototype.canSkip,
      rollback: step.hasRollback,
      irreversible: step.irreversible ?? false,
      pivot: step.pivot ?? false,
      optional: step.optional ?? false,
      rollback_own_failure: step.rollbackOwnFailure ?? true,
      on_interrupt: step.onInterrupt ?? null,
      timeout_ms: null,
      cancel_grace_ms: finiteOrNull(step.cancelGraceMs),
      hang_timeout_ms: null,
      exclusive: false,
      env: [],
    })),
    actions: [],
  };
}

/** A grace without end is one that the step minds itself; JSON has no word for it. */
function finiteOrNull(value: number | undefined): number | null {
  return value === undefined || value === Infinity ? null : value;
}
