import { errorMessage } from '../errors/error-record.js';
import { SynapseStepsError } from '../errors/synapse-steps-error.js';
import type { ActiveCall } from './active-call.js';
import type { Run } from './run.js';
import { GIVEN_UP, type Watch } from './settle.js';

/** Waits for a step's promise; a cancelled step that does not stop within its grace is given up. */
export async function settleStep<T>(call: ActiveCall, watch: Watch<T>): Promise<T> {
  const { scope, step } = call.entry;
  const graceMs = step.cancelGraceMs ?? scope.run.options.graceMs;
  const settled = await watch.settle({
    limit: (giveUp) => scope.cancellation.whenGraceIsOver(graceMs, giveUp),
    onLate: (failed) => reportLate(scope.run, call.step, failed),
  });
  if (settled !== GIVEN_UP) return settled;
  scope.run.shutOut(call);
  call.entry.isUnsettled = true;
  throw givenUpError(call.step, { graceMs, cause: scope.cancellation.reason });
}

/** The error of a step that was told to stop and did not. */
export function givenUpError(
  step: string,
  { graceMs, cause }: { readonly graceMs: number; readonly cause: unknown },
): SynapseStepsError {
  return new SynapseStepsError({
    code: 'step_given_up',
    message: `The step '${step}' did not stop within ${graceMs} ms of being told to, and was given up; it may still be working.`,
    cause,
    outcomeUnknown: true,
    retryable: false,
  });
}

/** A step that was given up came to something after all; nothing is changed by that. */
export function reportLate(run: Run, step: string, failed: { readonly error: unknown } | undefined): void {
  if (run.events.ended) return;
  const came = failed ? `failed: ${errorMessage(failed.error)}` : 'ended';
  run.emit({
    type: 'step-log',
    step,
    level: 'warning',
    message: `The step was given up and then ${came}; that was dropped.`,
  });
}
