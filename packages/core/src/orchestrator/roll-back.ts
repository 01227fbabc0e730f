import { isClean, type UndoOutcome } from '../report/run-report.js';
import type { UndoRecord } from '../report/step-record.js';
import type { Run, RunStep } from './run.js';
import type { RunFailure } from './run-failure.js';
import { undoStep } from './undo-step.js';

/**
 * Undoes every started step, newest first, one at a time. Nothing stops it but `abandon()`: no cancel, and no undo that
 * fails. Returns the steps that it answers for.
 */
export async function rollBack(run: Run, failure: RunFailure): Promise<RunStep[]> {
  const eligible = run.started.filter((entry) => isEligible(entry)).toReversed();
  run.emit({ type: 'rollback-start', cause: failure.error, steps: eligible.map(({ record }) => record.name) });
  let stopped: UndoOutcome | undefined;
  for (const entry of eligible) {
    stopped ??= run.abandonment.signal.aborted ? 'not-attempted' : keptBy(entry);
    if (stopped) endWithoutCall(run, entry, stopped);
    else await undoOne(run, entry, failure);
    if (entry.record.undo?.outcome === 'failed' && run.options.onRollbackError === 'halt') stopped = 'not-attempted';
  }
  const complete = eligible.every(({ record }) => record.undo !== undefined && isClean(record.undo.outcome));
  run.emit({ type: 'rollback-end', complete });
  return eligible;
}

/** Undoes one step, whatever its declarations say about undoing it. */
export async function undoOne(run: Run, entry: RunStep, failure: RunFailure): Promise<void> {
  if (entry.step.hasRollback) await undoStep(run, entry, failure);
  else endWithoutCall(run, entry, entry.step.irreversible === true ? 'irreversible' : 'nothing-to-undo');
}

function isEligible({ step, record, result }: RunStep): boolean {
  if (record.undo !== undefined && record.undo.outcome !== 'failed') return false; // undone when it failed: an optional step
  if (record.status === 'skipped') return record.undoData !== undefined;
  return result?.status === 'completed' || step.rollbackOwnFailure !== false;
}

function keptBy({ step, record }: RunStep): UndoOutcome | undefined {
  return step.pivot === true && record.status === 'completed' ? 'kept' : undefined;
}

function endWithoutCall(run: Run, { record }: RunStep, outcome: UndoOutcome): void {
  const undo: UndoRecord = { outcome, tries: 0, leftBehind: [], error: undefined };
  record.undo = undo;
  run.emit({ type: 'undo-end', step: record.name, attempt: Math.max(1, record.attempts), undoAttempt: 0, outcome });
}
