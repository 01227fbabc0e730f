import { errorMessage } from '../errors/error-record.js';
import { beginAnew, beginAnewInside } from '../report/step-record.js';
import type { BaseStep } from '../step/base-step.js';
import type { ActiveCall } from './active-call.js';
import { isInside, startedInside } from './roll-back.js';
import { stepFailure } from './run-failure.js';
import type { RunStep } from './step-scope.js';
import { recordsOf } from './step-outline.js';
import { undoStep } from './undo-step.js';

/**
 * Between two attempts of a step: what the failed one did is undone, then it is forgotten and the pause begins. False
 * when there must be no further attempt; the rollback of the run then takes over what is left.
 */
export async function nextAttempt(
  call: ActiveCall,
  step: BaseStep,
  { error, delayMs }: { readonly error: unknown; readonly delayMs: number },
): Promise<boolean> {
  const { entry } = call;
  const { record, scope } = entry;
  const failure = stepFailure(record.name, errorMessage(error), error);
  for (const inside of startedInside(entry)) {
    await undoStep(inside, failure);
    if (inside.record.undo?.outcome === 'failed') return false;
  }
  if (step.hasRollback && step.rollbackOwnFailure !== false) await undoStep(entry, failure, step);
  if (record.undo?.outcome === 'failed' || call.signal.aborted) return false;
  forgetAttempt(entry);
  scope.run.emit({ type: 'step-retry', step: record.name, attempt: record.attempts, delayMs, error: failure.error });
  await scope.run.commit();
  await pauseUnlessAborted(call, delayMs);
  return !call.signal.aborted;
}

function forgetAttempt(entry: RunStep): void {
  const { record, scope, children } = entry;
  beginAnew(record);
  record.attempts += 1;
  entry.result = undefined;
  entry.returnedUndoData = undefined;
  if (children === undefined) return;
  for (const inside of recordsOf(children)) beginAnewInside(inside);
  scope.run.started = scope.run.started.filter((started) => !isInside(started, entry));
}

function pauseUnlessAborted({ signal, entry }: ActiveCall, ms: number): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = (): void => {
      stop();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const stop = entry.scope.run.clock.after(ms, done);
    signal.addEventListener('abort', done);
  });
}
