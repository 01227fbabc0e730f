import type { UndoOutcome } from '../report/run-report.js';
import { isCleanlyUndone } from '../report/step-record.js';
import type { Run } from './run.js';
import type { RunFailure } from './run-failure.js';
import type { RunStep } from './step-scope.js';
import { undoStep } from './undo-step.js';
import { undoneRecords } from './undone-records.js';

/**
 * Undoes every started step, newest first, one at a time. Nothing stops it but `abandon()`: no cancel, and no undo that
 * fails. Returns the steps that it answers for.
 */
export async function rollBack(run: Run, failure: RunFailure): Promise<RunStep[]> {
  run.isRollingBack = true;
  const eligible = run.started.filter(isStillToUndo).toReversed();
  run.emit({ type: 'rollback-start', cause: failure.error, steps: eligible.map(({ record }) => record.name) });
  let stopped: UndoOutcome | undefined;
  for (const entry of eligible) {
    stopped ??= run.abandonment.signal.aborted ? 'not-attempted' : keptBy(entry, run);
    if (stopped) endWithoutCall(entry, stopped);
    else await undoOne(entry, failure);
    if (entry.record.undo?.outcome === 'failed' && run.options.onRollbackError === 'halt') stopped = 'not-attempted';
  }
  // Of the whole run, as the report says it: also what was undone on the way, or by an earlier host, counts.
  run.emit({ type: 'rollback-end', complete: undoneRecords(run).every(isCleanlyUndone) });
  return eligible;
}

/** Undoes a step and what was started inside it, newest first, while the run goes on. */
export async function undoTree(entry: RunStep, failure: RunFailure): Promise<void> {
  for (const inside of startedInside(entry)) await undoOne(inside, failure);
  if (entry.record.attempts > 0 && isEligible(entry)) await undoOne(entry, failure);
}

/** The steps that were started inside a step and are not undone yet, newest first. */
export function startedInside(entry: RunStep): RunStep[] {
  if (entry.children === undefined) return [];
  return entry.scope.run.started.filter((started) => isInside(started, entry) && isEligible(started)).toReversed();
}

/** Whether a step is inside another, at any depth. */
export function isInside(started: RunStep, ancestor: RunStep): boolean {
  for (let parent = started.scope.parent; parent; parent = parent.scope.parent) if (parent === ancestor) return true;
  return false;
}

/** Undoes one step, whatever its declarations say about undoing it. */
async function undoOne(entry: RunStep, failure: RunFailure): Promise<void> {
  if (entry.step.hasRollback) {
    await undoStep(entry, failure);
    noteFailedUndo(entry);
  } else endWithoutCall(entry, entry.step.irreversible === true ? 'irreversible' : 'nothing-to-undo');
}

function noteFailedUndo(entry: RunStep): void {
  const { record, scope } = entry;
  if (record.undo?.outcome !== 'failed') return;
  scope.run.noteError(
    entry,
    `Rollback failed for step '${record.name}': ${record.undo.error?.message ?? 'no reason given'}`,
  );
}

/** Eligible, or left over from an earlier rollback of the same run. */
function isStillToUndo(entry: RunStep): boolean {
  const outcome = entry.record.undo?.outcome;
  if (outcome === 'not-attempted' || outcome === 'kept') entry.record.undo = undefined;
  return isEligible(entry);
}

function isEligible({ step, record, result }: RunStep): boolean {
  if (record.undo !== undefined && record.undo.outcome !== 'failed') return false; // already undone, while the run went on
  if (record.status === 'skipped') return record.undoData !== undefined;
  return result?.status === 'completed' || step.rollbackOwnFailure !== false;
}

function keptBy({ step, record }: RunStep, { options }: Run): UndoOutcome | undefined {
  if (options.undoKept) return undefined;
  return step.pivot === true && record.status === 'completed' ? 'kept' : undefined;
}

/** Says what became of a step's undo where there was nothing to call. */
export function endWithoutCall({ record, scope }: RunStep, outcome: UndoOutcome): void {
  record.undo = { outcome, tries: 0, leftBehind: [], error: undefined };
  scope.run.emit({ type: 'undo-end', step: record.name, attempt: record.attempts, undoAttempt: 0, outcome });
}
