import { errorMessage } from '../errors/error-record.js';
import { JournalWriteError } from '../journal/journal-writer.js';
import type { FoldedRun } from '../report/fold-run-events.js';
import type { RunReport, RunStatus } from '../report/run-report.js';
import { isCleanlyUndone, toRunReport, type StepRecord } from '../report/step-record.js';
import { goForwards } from './go-forwards.js';
import { rollBack } from './roll-back.js';
import type { Run, RunStart } from './run.js';
import { interruptedFailure, stepFailure, type RunFailure } from './run-failure.js';
import { outlineOf, recordsOf } from './step-outline.js';
import { undoneRecords } from './undone-records.js';

export interface RunOutcome {
  readonly report: RunReport;
  readonly failure: RunFailure | undefined;
}

/** One run from `run-start`, or from where it was resumed, to `run-end`. Never throws: what goes wrong is in the outcome. */
export async function executeRun(run: Run, start: RunStart): Promise<RunOutcome> {
  run.trackContext();
  emitStart(run, start);
  start.onStarted?.();
  const failure = start.rollBackFor ?? (await forwards(run));
  const { undone, interrupted } = await backwards(run, start, failure);
  run.releaseContext();
  const ended = interrupted ?? failure;
  const report = toRunReport({
    runId: run.options.runId,
    workflow: run.options.workflow,
    status: statusOf(run, ended, undone ?? []),
    startedAt: start.folded?.startedAt ?? run.startedAt,
    durationMs: run.clock.now() - run.startedMs,
    error: failure?.error,
    records: start.folded ? recordsWithBefore(run, start.folded) : recordsOf(run.root),
    stepsTotal: start.folded?.outline.length ?? run.root.steps.length,
    undone,
  });
  await emitEnd(run, report);
  return { report, failure: ended };
}

/** A resumed run reports the steps that it was started with; those that are gone with what is recorded of them. */
function recordsWithBefore(run: Run, folded: FoldedRun): StepRecord[] {
  const live = new Map(
    [...recordsOf(run.root), ...run.started.map(({ record }) => record)].map((record) => [record.name, record]),
  );
  const known = [...folded.records.values()].map((record) => live.get(record.name) ?? record);
  const added = recordsOf(run.root).filter(({ name, status }) => !folded.records.has(name) && status !== 'pending');
  return [...known, ...added];
}

function emitStart(run: Run, { folded }: RunStart): void {
  if (folded) return run.emit({ type: 'run-resume', fromSeq: folded.lastSeq + 1 });
  if (!run.events.hasReaders) return run.events.skip();
  const { params, workDir } = run.runtimeContext;
  const { proportions } = run.options;
  run.emit({
    type: 'run-start',
    ...(run.options.workflow !== undefined && { workflow: run.options.workflow }),
    params,
    workDir,
    steps: outlineOf(run.root.steps.map(({ step }) => step)).map((outline) => ({
      ...outline,
      ...(Object.hasOwn(proportions, outline.name) && { proportion: proportions[outline.name] }),
    })),
  });
}

/** A run has succeeded only when its last step is durable. */
async function forwards(run: Run): Promise<RunFailure | undefined> {
  const failure = await goForwards(run.root).catch(toRunFailure);
  if (failure !== undefined) return failure;
  const last = run.root.steps.at(-1)?.record.name ?? '';
  return run.commit()?.then(
    () => undefined,
    (error: Error) => stepFailure(last, error.message, error),
  );
}

/** What an undo between attempts, or of an optional step, throws: only that it could not be recorded. */
function toRunFailure(error: unknown): RunFailure {
  return interruptedFailure(undefined, error);
}

interface Backwards {
  readonly undone: readonly StepRecord[] | undefined;
  readonly interrupted: RunFailure | undefined;
}

async function backwards(run: Run, start: RunStart, failure: RunFailure | undefined): Promise<Backwards> {
  if (failure === undefined || failure.kind === 'interrupted')
    return { undone: undoneOnTheWay(run), interrupted: undefined };
  try {
    const now = (await rollBack(run, failure)).map(({ record }) => record);
    return { undone: inUndoOrder(run, start, now), interrupted: undefined };
  } catch (error) {
    return { undone: undoneOnTheWay(run), interrupted: interruptedFailure(failure.step, error) };
  }
}

/** What was undone while the run went on, then what earlier rollbacks of it undid, then what this one answers for. */
function inUndoOrder(run: Run, { folded }: RunStart, now: readonly StepRecord[]): StepRecord[] {
  const before = (undoneOnTheWay(run) ?? []).filter((record) => !now.includes(record));
  const place = ({ name }: StepRecord): number => folded?.rollbackSteps.indexOf(name) ?? -1;
  return [...before.toSorted((a, b) => place(a) - place(b)), ...now];
}

/** The steps that were undone while the run went on; undefined when there were none. */
function undoneOnTheWay(run: Run): StepRecord[] | undefined {
  const undone = undoneRecords(run);
  return undone.length > 0 ? undone : undefined;
}

function statusOf(run: Run, failure: RunFailure | undefined, undone: readonly StepRecord[]): RunStatus {
  if (failure === undefined) return 'succeeded';
  if (failure.kind === 'interrupted') return 'interrupted';
  if (undone.every(({ undo }) => undo?.outcome === 'nothing-to-undo')) return 'failed';
  if (undone.every(isCleanlyUndone)) return 'rolled-back';
  return run.abandonment.signal.aborted ? 'rollback-abandoned' : 'rollback-incomplete';
}

async function emitEnd(run: Run, report: RunReport): Promise<void> {
  run.events.emitLast({ type: 'run-end', report });
  try {
    await run.commit();
    tellEnd(run, report);
  } catch (error) {
    // The journal then says less than happened, and a resume does the rest again: that is what it is for.
    if (!(error instanceof JournalWriteError)) throw error;
  }
  run.dispose();
}

function tellEnd({ endListeners, context }: Run, report: RunReport): void {
  for (const listener of endListeners) {
    try {
      listener(report);
    } catch (error) {
      context.errors.push(errorMessage(error));
    }
  }
}
