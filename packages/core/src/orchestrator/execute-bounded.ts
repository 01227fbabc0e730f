import { SynapseStepsError } from '../errors/synapse-steps-error.js';
import type { BaseStep } from '../step/base-step.js';
import type { StepResult } from '../step/step-result.js';
import { ActiveCall } from './active-call.js';
import { GIVEN_UP, isPromise, settle } from './settle.js';
import { givenUpError, reportLate } from './settle-step.js';

/** Thrown for a step that did not end in time. Its signal was aborted with this very error. */
export class StepTimeoutError extends SynapseStepsError {
  constructor(step: string, timeoutMs: number) {
    super({
      code: 'step_timeout',
      message: `The step '${step}' did not end within ${timeoutMs} ms.`,
      details: { timeoutMs },
    });
  }
}

/**
 * `step.execute` inside the call of a wrapper, with a signal of its own: aborted by a cancel of the wrapper's call, and by
 * the time limit if there is one. After either the step has its grace, then it is given up.
 */
export async function executeBounded(
  call: ActiveCall,
  step: BaseStep,
  { timeoutMs }: { readonly timeoutMs?: number },
): Promise<StepResult> {
  const stop = new AbortController();
  const inner = new ActiveCall(call.entry, { signal: stop.signal });
  const { run } = call.entry.scope;
  const graceMs = step.cancelGraceMs ?? run.options.graceMs;
  let timeout: StepTimeoutError | undefined;
  const returned = step.execute(run.viewFor(inner));
  if (!isPromise(returned)) return returned;
  const settled = await settle(returned, {
    limit: (giveUp) => {
      const releases: (() => void)[] = [];
      const tellToStop = (reason: unknown): void => {
        if (stop.signal.aborted) return;
        if (graceMs !== Infinity) releases.push(run.clock.after(graceMs, giveUp));
        stop.abort(reason);
      };
      const onAbort = (): void => tellToStop(call.signal.reason);
      call.signal.addEventListener('abort', onAbort);
      releases.push(() => call.signal.removeEventListener('abort', onAbort));
      if (timeoutMs !== undefined) {
        releases.push(
          run.clock.after(timeoutMs, () => {
            if (!stop.signal.aborted) tellToStop((timeout = new StepTimeoutError(call.step, timeoutMs)));
          }),
        );
      }
      if (call.signal.aborted) onAbort();
      return () => {
        for (const release of releases) release();
      };
    },
    onLate: (failed) => reportLate(run, call.step, failed),
  }).catch((error: unknown) => {
    // Told to stop because its time was up, it fails for that reason, whatever it throws when it stops.
    if (timeout !== undefined && timeout !== error) timeout.cause = error;
    throw timeout ?? error;
  });
  if (settled === GIVEN_UP) {
    inner.close();
    call.entry.isUnsettled = true;
    throw givenUpError(call.step, { graceMs, cause: stop.signal.reason });
  }
  if (timeout) throw timeout;
  return settled;
}
