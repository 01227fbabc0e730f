import { toErrorRecord } from '../errors/error-record.js';
import { SynapseStepsError } from '../errors/synapse-steps-error.js';
import type { UndoRecord } from '../report/step-record.js';
import type { UndoResult } from '../step/base-step.js';
import { StepResult } from '../step/step-result.js';
import { ActiveCall } from './active-call.js';
import type { Run, RunStep } from './run.js';
import type { RunFailure } from './run-failure.js';
import { GIVEN_UP, isPromise, settle } from './settle.js';

/** Calls a step's `rollback`, again after a pause when it fails, and notes what came of it. Never throws. */
export async function undoStep(run: Run, entry: RunStep, failure: RunFailure): Promise<void> {
  const before = entry.record.undo?.tries ?? 0;
  for (let number = 1; ; number += 1) {
    const tried = await tryUndo(run, entry, { failure, undoAttempt: before + number });
    entry.record.undo = tried.undo;
    emitUndoEnd(run, entry, tried.undo);
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
  run: Run,
  entry: RunStep,
  { failure, undoAttempt }: { readonly failure: RunFailure; readonly undoAttempt: number },
): Promise<TriedUndo> {
  const stop = new AbortController();
  const call = new ActiveCall(run, entry, { undoAttempt, cause: failure.error, signal: stop.signal });
  const attempt = Math.max(1, entry.record.attempts);
  run.emit({ type: 'undo-start', step: entry.record.name, attempt, undoAttempt });
  try {
    const returned = entry.step.rollback(run.contextFor(call), resultForUndo(entry));
    const settled = isPromise(returned) ? await settleUndo(run, returned, stop) : returned;
    if (settled === GIVEN_UP) {
      run.shutOut(call);
      throw stop.signal.reason;
    }
    return { undo: succeeded(entry, settled ?? {}, undoAttempt), mayRepeat: false };
  } catch (error) {
    const undo: UndoRecord = { outcome: 'failed', tries: undoAttempt, leftBehind: [], error: toErrorRecord(error) };
    // One that did not settle may still be at work; a second beside it would be worse than none.
    return { undo, mayRepeat: !stop.signal.aborted };
  }
}

function resultForUndo(entry: RunStep): StepResult {
  const result = (entry.result ??= new StepResult({ success: false }));
  result.rollbackData = structuredClone(entry.record.undoData ?? {});
  return result;
}

function settleUndo(
  run: Run,
  promise: PromiseLike<UndoResult | void>,
  stop: AbortController,
): Promise<UndoResult | void | typeof GIVEN_UP> {
  const { undoTimeoutMs } = run.options;
  return settle(promise, {
    limit: (giveUp) => {
      const end = (error: SynapseStepsError): void => {
        stop.abort(error);
        giveUp();
      };
      const stopTimer = run.clock.after(undoTimeoutMs, () => end(undoTimeoutError(undoTimeoutMs)));
      const onAbandon = (): void => end(undoAbandonedError());
      run.abandonment.signal.addEventListener('abort', onAbandon);
      return () => {
        stopTimer();
        run.abandonment.signal.removeEventListener('abort', onAbandon);
      };
    },
    onLate: () => {}, // already reported as failed; nothing that it comes to changes that
  });
}

function undoTimeoutError(timeoutMs: number): SynapseStepsError {
  return new SynapseStepsError({
    code: 'undo_timeout',
    message: `The rollback did not end within ${timeoutMs} ms; it may still be working and was not tried again.`,
  });
}

function undoAbandonedError(): SynapseStepsError {
  return new SynapseStepsError({
    code: 'undo_abandoned',
    message: 'The rollback was abandoned while this undo was running.',
  });
}

function succeeded(entry: RunStep, result: UndoResult, tries: number): UndoRecord {
  const leftBehind = result.leftBehind ?? [];
  const outcome = leftBehind.length > 0 || entry.step.irreversible === true ? 'irreversible' : 'undone';
  return { outcome, tries, leftBehind, error: undefined };
}

function emitUndoEnd(run: Run, { record }: RunStep, undo: UndoRecord): void {
  run.emit({
    type: 'undo-end',
    step: record.name,
    attempt: Math.max(1, record.attempts),
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
