import { SynapseStepsError } from '../errors/synapse-steps-error.js';
import { isDone } from '../restore/restore-run.js';
import { resumeStep } from './resume-step.js';
import { undoTree } from './roll-back.js';
import { cancelFailure, interruptedFailure, type RunFailure } from './run-failure.js';
import { runStep } from './run-step.js';
import type { RunStep, StepScope } from './step-scope.js';

/**
 * Runs the steps of a scope in order, at most `concurrency` at a time. The first failure that no optional step swallows
 * cancels the others and is returned, once all have ended. Steps that have an outcome from before keep it.
 */
export async function goForwards(scope: StepScope, concurrency = 1): Promise<RunFailure | undefined> {
  const { cancellation } = scope;
  let next = 0;
  let failure: RunFailure | undefined;
  const work = async (): Promise<void> => {
    while (next < scope.steps.length && !cancellation.requested && failure === undefined) {
      const entry = scope.steps[next] as RunStep;
      next += 1;
      if (isDone(entry)) continue;
      const failed = await (entry.record.status === 'pending' ? runStep(entry) : resumeStep(entry));
      const turn = scope.run.turns.ifDue();
      if (turn) await turn;
      if (failed === undefined) continue;
      if (failed.kind === 'failed' && entry.step.optional === true) await passOver(entry, failed);
      else {
        failure ??= failed;
        if (concurrency > 1) cancellation.request(siblingFailed(failed));
      }
    }
  };
  if (concurrency === 1) await work();
  else await sideBySide(scope, { workers: Math.min(concurrency, scope.steps.length), work });
  return failure ?? (cancellation.requested ? stoppedBetween(scope) : undefined);
}

/** Ends when all workers have; what one of them throws stops the others first, for nothing may go on behind a rollback. */
async function sideBySide(
  { cancellation }: StepScope,
  { workers, work }: { readonly workers: number; readonly work: () => Promise<void> },
): Promise<void> {
  const stopOthers = (error: unknown): never => {
    cancellation.request(error);
    throw error;
  };
  const ended = await Promise.allSettled(Array.from({ length: workers }, () => work().catch(stopOthers)));
  for (const worker of ended) if (worker.status === 'rejected') throw worker.reason;
}

/** An optional step failed: it is undone at once, counts as finished, and the run goes on, unless it has been cancelled. */
async function passOver(entry: RunStep, failure: RunFailure): Promise<void> {
  await undoTree(entry, failure);
  if (entry.scope.cancellation.requested) return;
  entry.scope.finish(entry);
  entry.scope.tellProgress(true);
}

function stoppedBetween({ cancellation, run }: StepScope): RunFailure {
  const { reason } = cancellation;
  return run.isInterrupted ? interruptedFailure(undefined, reason) : cancelFailure(reason, undefined);
}

function siblingFailed({ step, cause }: RunFailure): SynapseStepsError {
  return new SynapseStepsError({
    code: 'sibling_failed',
    message: `The step '${step}' beside this one failed.`,
    cause,
  });
}
