import { errorMessage } from '../errors/error-record.js';
import { SynapseStepsError } from '../errors/synapse-steps-error.js';
import { encodeJsonObject } from '../json/json-value.js';
import { beginAnew, beginAnewInside } from '../report/step-record.js';
import type { BaseStep } from '../step/base-step.js';
import { StepResult } from '../step/step-result.js';
import type { ActiveCall } from './active-call.js';
import { endWithoutCall, isInside, startedInside } from './roll-back.js';
import { stepFailure } from './run-failure.js';
import type { FailedAttempt } from './step-control.js';
import type { RunStep } from './step-scope.js';
import { recordsOf } from './step-outline.js';
import { undoStep } from './undo-step.js';
import { writableResult } from './writable-result.js';

/**
 * Between two attempts of a step: what the failed one did is undone, then it is forgotten and the pause begins. False
 * when there must be no further attempt; the rollback of the run then takes over what is left.
 */
export async function nextAttempt(call: ActiveCall, step: BaseStep, failed: FailedAttempt): Promise<boolean> {
  const { entry } = call;
  const { record, scope } = entry;
  const failure = stepFailure(record.name, errorMessage(failed.error), failed.error);
  keepFailedResult(entry, failed);
  if (isUnsettled(entry)) return false;
  for (const inside of startedInside(entry)) {
    await undoStep(inside, failure);
    if (inside.record.undo?.outcome === 'failed') return false;
  }
  if (step.hasRollback && step.rollbackOwnFailure !== false) await undoStep(entry, failure, step);
  const { undo } = record;
  if (undo?.outcome === 'failed' || call.signal.aborted) return false;
  forgetAttempt(entry);
  const { delayMs } = failed;
  scope.run.emit({ type: 'step-retry', step: record.name, attempt: record.attempts, delayMs, error: failure.error });
  await scope.run.commit();
  await pauseUnlessAborted(call, delayMs);
  // The next attempt was never entered, so there is nothing of it that the rollback would have to undo.
  if (call.signal.aborted && undo !== undefined) endWithoutCall(entry, undo.outcome);
  return !call.signal.aborted;
}

/** What the undo of this attempt gets to see: its result, and the undo data that came with it. */
function keepFailedResult(entry: RunStep, { error, result }: FailedAttempt): void {
  const { record, scope } = entry;
  entry.result = result
    ? writableResult(result)
    : new StepResult({ success: false, error: errorMessage(error), cause: error });
  entry.result.status = SynapseStepsError.is(error) && error.outcomeUnknown ? 'unknown' : 'failed';
  if (Object.keys(entry.result.rollbackData).length === 0) return;
  const data = encodeJsonObject(entry.result.rollbackData, `The rollbackData of '${record.name}'`);
  record.undoData = { ...record.undoData, ...data };
  scope.run.emit({ type: 'undo-saved', step: record.name, attempt: record.attempts, data });
}

/** Whether something of this attempt, or of the steps inside it, was given up and may still be at work. */
function isUnsettled(entry: RunStep): boolean {
  return entry.isUnsettled || entry.scope.run.started.some((inside) => inside.isUnsettled && isInside(inside, entry));
}

function forgetAttempt(entry: RunStep): void {
  const { record, scope, children } = entry;
  beginAnew(record);
  record.attempts += 1;
  entry.result = undefined;
  entry.returnedUndoData = undefined;
  entry.failedSave = undefined;
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
