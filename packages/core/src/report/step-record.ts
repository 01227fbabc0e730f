import type { ErrorRecord } from '../errors/error-record.js';
import type { JsonObject } from '../json/json-value.js';
import {
  isClean,
  type RunReport,
  type RunStatus,
  type StepReport,
  type StepStatus,
  type UndoOutcome,
  type UndoReport,
} from './run-report.js';

/** What is known of one step of a run; the report is made of these, live or from stored events. */
export interface StepRecord {
  readonly name: string;
  readonly weight: number;
  status: StepStatus;
  attempts: number;
  startedAt: string | undefined;
  durationMs: number | undefined;
  data: Record<string, unknown> | undefined;
  skipReason: string | undefined;
  error: ErrorRecord | undefined;
  /** The fold of all that was saved. */
  undoData: JsonObject | undefined;
  undo: UndoRecord | undefined;
  /** What the undo of earlier attempts could not remove. */
  leftBehindBefore: readonly string[];
}

export interface UndoRecord {
  outcome: UndoOutcome;
  tries: number;
  leftBehind: readonly string[];
  error: ErrorRecord | undefined;
}

export function newStepRecord(name: string, weight: number): StepRecord {
  return {
    name,
    weight,
    status: 'pending',
    attempts: 0,
    startedAt: undefined,
    durationMs: undefined,
    data: undefined,
    skipReason: undefined,
    error: undefined,
    undoData: undefined,
    undo: undefined,
    leftBehindBefore: NOTHING,
  };
}

const NOTHING: readonly string[] = [];

/** A further attempt begins with nothing saved; only what could not be removed is carried on, to be reported. */
export function beginAnew(record: StepRecord): void {
  record.leftBehindBefore = [...record.leftBehindBefore, ...(record.undo?.leftBehind ?? [])];
  record.undo = undefined;
  record.undoData = undefined;
  record.data = undefined;
  record.error = undefined;
  record.durationMs = undefined;
}

/** As {@link beginAnew}, for a step inside the one that begins anew: it is still to be started. */
export function beginAnewInside(record: StepRecord): void {
  beginAnew(record);
  record.status = 'pending';
  record.startedAt = undefined;
  record.skipReason = undefined;
}

/** Whether the report has to say what became of its undo, even if the run goes on. */
export function isUndone(record: StepRecord): boolean {
  return record.undo !== undefined || record.leftBehindBefore.length > 0;
}

/** Whether nothing of the step is left, from no attempt of it. */
export function isCleanlyUndone(record: StepRecord): boolean {
  return isClean(toUndoReport(record).outcome);
}

export interface RunSummary {
  readonly runId: string;
  readonly workflow: string | undefined;
  readonly status: RunStatus;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly error: ErrorRecord | undefined;
  /** Children follow their parent. */
  readonly records: readonly StepRecord[];
  readonly stepsTotal: number;
  /** The records that were undone, or should have been, in that order; undefined when there was no rollback at all. */
  readonly undone: readonly StepRecord[] | undefined;
}

/** Writes the report. Fields that have no value are left out, so that a report is the same after a trip through JSON. */
export function toRunReport(summary: RunSummary): RunReport {
  const { runId, workflow, status, startedAt, durationMs, error, records, stepsTotal, undone } = summary;
  return {
    runId,
    ...(workflow !== undefined && { workflow }),
    status,
    success: status === 'succeeded',
    stepsExecuted: records.filter((record) => record.attempts > 0 && !record.name.includes('/')).length,
    stepsTotal,
    startedAt,
    durationMs,
    ...(error && { error }),
    steps: records.map(toStepReport),
    ...(undone && { rollback: toRollbackReport(undone) }),
  };
}

function toStepReport(record: StepRecord): StepReport {
  const { name, status, attempts, startedAt, durationMs, data = {}, skipReason, error } = record;
  const report: StepReport = { name, status, attempts, data };
  if (startedAt !== undefined) report.startedAt = startedAt;
  if (durationMs !== undefined) report.durationMs = durationMs;
  if (skipReason !== undefined) report.skipReason = skipReason;
  if (error !== undefined) report.error = error;
  return report;
}

function toRollbackReport(records: readonly StepRecord[]): NonNullable<RunReport['rollback']> {
  const steps = records.map(toUndoReport);
  return { complete: steps.every((step) => isClean(step.outcome)), steps };
}

function toUndoReport({ name, undo, leftBehindBefore }: StepRecord): UndoReport {
  const leftBehind = [...leftBehindBefore, ...(undo?.leftBehind ?? [])];
  const outcome = undo?.outcome ?? (leftBehind.length > 0 ? 'irreversible' : 'not-attempted');
  return {
    name,
    // An attempt that left something behind is not made good by the undo of the next one.
    outcome: isClean(outcome) && leftBehind.length > 0 ? 'irreversible' : outcome,
    tries: undo?.tries ?? 0,
    leftBehind,
    ...(undo?.error && { error: undo.error }),
  };
}
