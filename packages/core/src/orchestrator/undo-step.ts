import { toErrorRecord } from '../errors/error-record.js';
import { SynapseStepsError } from '../errors/synapse-steps-error.js';
import { decodeJson, type JsonObject } from '../json/json-value.js';
import type { UndoRecord } from '../report/step-record.js';
import type { BaseStep, UndoResult } from '../step/base-step.js';
import { StepUsageError } from '../step/step-error.js';
import type { StepResult } from '../step/step-result.js';
import { ActiveCall } from './active-call.js';
import { recordContextAnyway } from './record-context.js';
import type { Run } from './run.js';
import type { RunFailure } from './run-failure.js';
import { GIVEN_UP, isPromise, settle } from './settle.js';
import type { RunStep } from './step-scope.js';

/**
 * Calls a step's `rollback`, again after a pause when it fails, and notes what came of it.
 *
 * @throws JournalWriteError, and nothing else: what was undone before is not durable then, so no further undo may begin.
 */
export async function undoStep(entry: RunStep, failure: RunFailure, step: BaseStep = entry.step): Promise<void> {
  const { run } = entry.scope;
  const before = entry.record.undo?.tries ?? 0;
  for (let number = 1; ; number += 1) {
    const tried = await tryUndo(entry, step, { failure, undoAttempt: before + number });
    entry.record.undo = tried.undo;
    recordContextAnyway(entry);
    emitUndoEnd(entry, tried.undo);
    const again = tried.mayRepeat && number < run.options.undoTries && !run.abandonment.signal.aborted;
    if (!again) return;
    await pause(run, run.options.undoDelayMs * 2 ** (number - 1));
    if (run.abandonment.signal.aborted) return;
  }
}

interface TriedUndo {
  readonly undo: UndoRecord;
  readonly mayRepeat: boolean;
}

async function tryUndo(
  entry: RunStep,
  step: BaseStep,
  { failure, undoAttempt }: { readonly failure: RunFailure; readonly undoAttempt: number },
): Promise<TriedUndo> {
  const { run } = entry.scope;
  const stop = new AbortController();
  const call = new ActiveCall(entry, { undo: { undoAttempt, cause: failure.error }, signal: stop.signal });
  run.emit({ type: 'undo-start', step: entry.record.name, attempt: entry.record.attempts, undoAttempt });
  await run.commit();
  if (run.abandonment.signal.aborted) return { undo: notAttempted(entry), mayRepeat: false };
  entry.failedSave = undefined;
  try {
    // A view, because this may be the undo of an attempt while the step itself still holds the plain context.
    const returned = step.rollback(run.viewForUndo(call), resultForUndo(entry));
    const settled = isPromise(returned) ? await settleUndo(entry, returned, stop) : returned;
    if (settled === GIVEN_UP) {
      run.shutOut(call);
      throw stop.signal.reason;
    }
    return { undo: succeeded(entry, step, { returned: settled, tries: undoAttempt }), mayRepeat: false };
  } catch (error) {
    const reason: unknown = stop.signal.aborted ? stop.signal.reason : error;
    const undo: UndoRecord = {
      outcome: 'failed',
      tries: undoAttempt,
      leftBehind: [],
      error: toErrorRecord(run.explain(reason, entry)),
    };
    // One of this process that did not settle may still be at work; a second beside it would be worse than none.
    return { undo, mayRepeat: !stop.signal.aborted || entry.step.remote === true };
  } finally {
    run.undoEnded(call);
  }
}

/** Abandoned while its start was being recorded; what an earlier try came to still holds. */
function notAttempted({ record }: RunStep): UndoRecord {
  return record.undo ?? { outcome: 'not-attempted', tries: 0, leftBehind: [], error: undefined };
}

function resultForUndo(entry: RunStep): StepResult {
  const result = entry.result as StepResult; // however an attempt ended, and wherever: it has one
  const what = `The undo data of '${entry.record.name}'`;
  result.rollbackData = decodeJson(entry.record.undoData ?? {}, what) as JsonObject;
  return result;
}

/** Waits for an undo until its time is over; of one in another process, until that has been ended: the next must not begin beside it. */
function settleUndo(
  { scope: { run }, step }: RunStep,
  promise: PromiseLike<UndoResult | void>,
  stop: AbortController,
): Promise<UndoResult | void | typeof GIVEN_UP> {
  const { undoTimeoutMs } = run.options;
  return settle(promise, {
    limit: (giveUp) => {
      const stopTimer = run.clock.after(undoTimeoutMs, () => {
        stop.abort(undoTimeoutError(undoTimeoutMs, step.remote === true));
        if (step.remote !== true) giveUp();
      });
      const onAbandon = (): void => {
        stop.abort(undoAbandonedError());
        giveUp();
      };
      run.abandonment.signal.addEventListener('abort', onAbandon);
      if (run.abandonment.signal.aborted) onAbandon();
      return () => {
        stopTimer();
        run.abandonment.signal.removeEventListener('abort', onAbandon);
      };
    },
    onLate: () => {}, // already reported as failed; nothing that it comes to changes that
  });
}

function undoTimeoutError(timeoutMs: number, isEnded: boolean): SynapseStepsError {
  const state = isEnded ? 'its process was ended' : 'it may still be working and was not tried again';
  return new SynapseStepsError({
    code: 'undo_timeout',
    message: `The rollback did not end within ${timeoutMs} ms; ${state}.`,
  });
}

function undoAbandonedError(): SynapseStepsError {
  return new SynapseStepsError({
    code: 'undo_abandoned',
    message: 'The rollback was abandoned while this undo was running.',
  });
}

function succeeded(
  { record, failedSave }: RunStep,
  step: BaseStep,
  { returned, tries }: { readonly returned: UndoResult | void; readonly tries: number },
): UndoRecord {
  if (failedSave) throw failedSave.error;
  const leftBehind: unknown = returned?.leftBehind ?? [];
  if (!isTextList(leftBehind)) {
    throw new StepUsageError(
      'invalid_result',
      `The rollback of '${record.name}' returned a leftBehind that is no list of texts.`,
    );
  }
  const outcome = leftBehind.length > 0 || step.irreversible === true ? 'irreversible' : 'undone';
  return { outcome, tries, leftBehind: [...leftBehind], error: undefined };
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function emitUndoEnd({ record, scope }: RunStep, undo: UndoRecord): void {
  scope.run.emit({
    type: 'undo-end',
    step: record.name,
    attempt: record.attempts,
    undoAttempt: undo.tries,
    outcome: undo.outcome,
    ...(undo.leftBehind.length > 0 && { leftBehind: [...undo.leftBehind] }),
    ...(undo.error && { error: undo.error }),
  });
}

/** Waits, but not for one who has abandoned the rollback. */
function pause(run: Run, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const { signal } = run.abandonment;
    const done = (): void => {
      stop();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const stop = run.clock.after(ms, done);
    signal.addEventListener('abort', done);
  });
}
