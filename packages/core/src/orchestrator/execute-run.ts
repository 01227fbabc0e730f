import type { RunReport, RunStatus } from '../report/run-report.js';
import { toRunReport, type StepRecord } from '../report/step-record.js';
import { rollBack, undoOne } from './roll-back.js';
import type { Run, RunStep } from './run.js';
import { cancelFailure, type RunFailure } from './run-failure.js';
import { runStep } from './run-step.js';

export interface RunOutcome {
  readonly report: RunReport;
  readonly failure: RunFailure | undefined;
}

/** One run from `run-start` to `run-end`. Never throws: what goes wrong is in the outcome. */
export async function executeRun(
  run: Run,
  { cancelAtStart }: { readonly cancelAtStart: (() => void) | undefined },
): Promise<RunOutcome> {
  const startedAt = run.clock.timestamp();
  emitRunStart(run);
  cancelAtStart?.();
  const failure = await goForwards(run);
  const undone = failure ? await rollBackAll(run, failure) : optionalUndos(run);
  run.releaseContext();
  const report = toRunReport({
    runId: run.options.runId,
    workflow: run.options.workflow,
    status: failure ? statusAfter(run, undone ?? []) : 'succeeded',
    startedAt,
    durationMs: run.clock.now() - run.startedMs,
    error: failure?.error,
    records: run.steps.map(({ record }) => record),
    undone,
  });
  run.emit({ type: 'run-end', report });
  run.events.end();
  return { report, failure };
}

function emitRunStart(run: Run): void {
  if (!run.events.hasReaders) return run.events.skip();
  const { params, workDir } = run.runtimeContext;
  run.emit({
    type: 'run-start',
    ...(run.options.workflow !== undefined && { workflow: run.options.workflow }),
    params,
    workDir,
    steps: run.steps.map(({ record: { name, weight } }) => ({ name, weight })),
  });
}

async function goForwards(run: Run): Promise<RunFailure | undefined> {
  let current: string | undefined;
  for (const entry of run.steps) {
    if (run.cancellation.requested) return cancelFailure(run.cancellation.reason, undefined);
    current = entry.record.name;
    const failure = await runStep(run, entry);
    if (failure === undefined) continue;
    if (failure.kind === 'cancelled' || entry.step.optional !== true) return failure;
    await passOver(run, entry, failure);
  }
  return run.cancellation.requested ? cancelFailure(run.cancellation.reason, current) : undefined;
}

/** An optional step failed: it is undone at once, counts as finished, and the run goes on. */
async function passOver(run: Run, entry: RunStep, failure: RunFailure): Promise<void> {
  if (entry.record.attempts > 0 && entry.step.rollbackOwnFailure !== false) await undoOne(run, entry, failure);
  run.progress.finish(entry.record.weight);
  run.emitProgress(true);
}

async function rollBackAll(run: Run, failure: RunFailure): Promise<StepRecord[]> {
  run.isRollingBack = true;
  const rolledBack = (await rollBack(run, failure)).map(({ record }) => record);
  const before = (optionalUndos(run) ?? []).filter((record) => !rolledBack.includes(record));
  return [...before, ...rolledBack];
}

/** The optional steps that were undone on the way; undefined when there were none. */
function optionalUndos(run: Run): StepRecord[] | undefined {
  const undone = run.started.map(({ record }) => record).filter((record) => record.undo !== undefined);
  return undone.length > 0 ? undone : undefined;
}

function statusAfter(run: Run, undone: readonly StepRecord[]): RunStatus {
  if (run.abandonment.signal.aborted) return 'rollback-abandoned';
  const outcomes = undone.map((record) => record.undo?.outcome ?? 'not-attempted');
  if (outcomes.every((outcome) => outcome === 'nothing-to-undo')) return 'failed';
  return outcomes.every((outcome) => outcome === 'undone' || outcome === 'nothing-to-undo')
    ? 'rolled-back'
    : 'rollback-incomplete';
}
