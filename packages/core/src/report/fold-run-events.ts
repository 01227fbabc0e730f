import type { ErrorRecord } from '../errors/error-record.js';
import type { RunEvent, StepOutline } from '../events/run-event.js';
import type { PatchOperation } from '../json/json-patch.js';
import { SynapseStepsError } from '../errors/synapse-steps-error.js';
import type { JsonObject } from '../json/json-value.js';
import type { RunReport, RunStatus } from './run-report.js';
import { beginAnew, beginAnewInside, isUndone, newStepRecord, toRunReport, type StepRecord } from './step-record.js';

/** What a step changed in the run's context; in that of the step with the path `context`, where one is named. */
interface ContextChange {
  readonly context?: string | undefined;
  readonly patch: readonly PatchOperation[];
}

/** What the events of a run add up to: enough to report it, to resume it, and to undo it. */
export interface FoldedRun {
  readonly runId: string;
  readonly workflow: string | undefined;
  readonly workDir: string;
  readonly params: JsonObject;
  readonly outline: readonly StepOutline[];
  readonly status: RunStatus;
  readonly lastSeq: number;
  readonly startedAt: string;
  /** By path; children follow their parent. */
  readonly records: ReadonlyMap<string, StepRecord>;
  /** The paths of the started steps, in the order of their (last) start. */
  readonly started: readonly string[];
  readonly contextChanges: readonly ContextChange[];
  /** The paths of the steps that its rollbacks answered for, in undo order. */
  readonly rollbackSteps: readonly string[];
  /** Why it is, or was, rolled back. */
  readonly cause: ErrorRecord | undefined;
  readonly report: RunReport;
}

/**
 * Adds up the events of one run. The report is made from the steps' own events; only what no event but `run-end` tells (how
 * it ended, how long it took) is taken from there.
 *
 * @throws SynapseStepsError when the first event is not `run-start`.
 */
export function foldRunEvents(events: Iterable<RunEvent>): FoldedRun {
  let fold: Fold | undefined;
  for (const event of withoutRepeated(events)) {
    fold ??= beginFold(event);
    fold.lastSeq = event.seq;
    if ('step' in event) applyToStep(fold, event);
    else applyToRun(fold, event);
  }
  if (fold === undefined) throw noStartError('there are no events');
  return toFoldedRun(fold);
}

/** Events that were shown and not stored come again after a crash; `run-resume` says from which number on. */
function withoutRepeated(events: Iterable<RunEvent>): RunEvent[] {
  const kept: RunEvent[] = [];
  for (const event of events) {
    if (event.type === 'run-resume') while ((kept.at(-1)?.seq ?? 0) >= event.fromSeq) kept.pop();
    kept.push(event);
  }
  return kept;
}

type RunStartEvent = Extract<RunEvent, { type: 'run-start' }>;
type StepEvent = Extract<RunEvent, { step: string }>;

interface Fold {
  readonly start: RunStartEvent;
  readonly records: Map<string, StepRecord>;
  readonly started: Set<string>;
  readonly contextChanges: ContextChange[];
  rollbackSteps: readonly string[];
  status: RunStatus;
  lastSeq: number;
  end: RunReport | undefined;
  cause: ErrorRecord | undefined;
}

function beginFold(event: RunEvent): Fold {
  if (event.type !== 'run-start') throw noStartError(`the first event is '${event.type}'`);
  const records = new Map<string, StepRecord>();
  addOutline(records, event.steps, '');
  return {
    start: event,
    records,
    started: new Set(),
    contextChanges: [],
    rollbackSteps: [],
    status: 'running',
    lastSeq: 0,
    end: undefined,
    cause: undefined,
  };
}

function noStartError(problem: string): SynapseStepsError {
  return new SynapseStepsError({
    code: 'invalid_history',
    message: `The events of a run begin with 'run-start', but ${problem}. Give the whole history of one run.`,
  });
}

function addOutline(records: Map<string, StepRecord>, steps: readonly StepOutline[], prefix: string): void {
  for (const { name, weight, children } of steps) {
    records.set(prefix + name, newStepRecord(prefix + name, weight));
    addOutline(records, children ?? [], `${prefix}${name}/`);
  }
}

function applyToRun(fold: Fold, event: Exclude<RunEvent, StepEvent>): void {
  if (event.type === 'run-resume') {
    fold.end = undefined;
    fold.status = fold.cause === undefined ? 'running' : 'rolling-back';
  } else if (event.type === 'rollback-start') {
    fold.status = 'rolling-back';
    fold.cause = event.cause;
    fold.rollbackSteps = [...fold.rollbackSteps.filter((step) => !event.steps.includes(step)), ...event.steps];
  } else if (event.type === 'run-end') {
    fold.end = event.report;
    fold.status = event.report.status;
  }
}

function applyToStep(fold: Fold, event: StepEvent): void {
  const record = recordOf(fold, event.step);
  if (event.type === 'step-start') startStep(fold, event, record);
  else if (event.type === 'step-retry') retryStep(fold, event, record);
  else if (event.type === 'step-skip') Object.assign(record, { status: 'skipped', skipReason: event.reason });
  else if (event.type === 'undo-saved') record.undoData = { ...record.undoData, ...event.data };
  else if (event.type === 'context-change') fold.contextChanges.push(event);
  else if (event.type === 'step-end') endStep(record, event);
  else if (event.type === 'undo-end') endUndo(record, event);
}

function recordOf(fold: Fold, path: string): StepRecord {
  const known = fold.records.get(path);
  if (known !== undefined) return known;
  const added = newStepRecord(path, 0);
  fold.records.set(path, added);
  return added;
}

function startStep(fold: Fold, event: Extract<StepEvent, { type: 'step-start' }>, record: StepRecord): void {
  if (record.undo !== undefined) beginAnew(record); // undone because its host had stopped in the middle of it
  record.status = 'running';
  record.attempts += 1;
  record.startedAt = event.time;
  fold.started.delete(event.step);
  fold.started.add(event.step);
}

function retryStep(fold: Fold, event: Extract<StepEvent, { type: 'step-retry' }>, record: StepRecord): void {
  beginAnew(record);
  record.attempts = event.attempt;
  for (const [inside, insideRecord] of fold.records) {
    if (!inside.startsWith(`${event.step}/`)) continue;
    beginAnewInside(insideRecord);
    fold.started.delete(inside);
  }
}

function endStep(record: StepRecord, event: Extract<StepEvent, { type: 'step-end' }>): void {
  record.status = event.status;
  record.durationMs = event.durationMs;
  record.data = event.data;
  record.error = event.error;
  if (event.rollbackData) record.undoData = { ...record.undoData, ...event.rollbackData };
}

function endUndo(record: StepRecord, event: Extract<StepEvent, { type: 'undo-end' }>): void {
  const { outcome, undoAttempt: tries, leftBehind = [], error } = event;
  record.undo = { outcome, tries, leftBehind, error };
}

function toFoldedRun(fold: Fold): FoldedRun {
  const { start, status, lastSeq, records, contextChanges, cause } = fold;
  return {
    runId: start.runId,
    workflow: start.workflow,
    workDir: start.workDir,
    params: start.params ?? {},
    outline: start.steps,
    status,
    lastSeq,
    startedAt: start.time,
    records,
    started: [...fold.started],
    contextChanges,
    rollbackSteps: fold.rollbackSteps,
    cause,
    report: foldedReport(fold),
  };
}

function foldedReport(fold: Fold): RunReport {
  const { start, status, records, end, cause } = fold;
  return toRunReport({
    runId: start.runId,
    workflow: start.workflow,
    status,
    startedAt: start.time,
    durationMs: end?.durationMs ?? 0,
    error: end?.error ?? cause,
    records: [...records.values()],
    stepsTotal: start.steps.length,
    undone: undoneIn(fold),
  });
}

/**
 * What was undone while the run went on (first the steps inside an attempt that no later attempt started), then what its
 * rollback answers for; undefined when there was neither.
 */
function undoneIn({ records, started, rollbackSteps, cause }: Fold): StepRecord[] | undefined {
  const before = [...records.keys()].filter((path) => !started.has(path));
  const onTheWay = [...before, ...started].filter((path) => !rollbackSteps.includes(path));
  const isReported = (record: StepRecord): boolean => isUndone(record) || rollbackSteps.includes(record.name);
  const undone = [...onTheWay, ...rollbackSteps].flatMap((path) => records.get(path) ?? []).filter(isReported);
  return undone.length > 0 || cause !== undefined ? undone : undefined;
}
