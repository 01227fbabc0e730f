import type { RunReport, RunStatus } from '../report/run-report.js';
import { toRunReport, type StepRecord } from '../report/step-record.js';
import { goForwards } from './go-forwards.js';
import { rollBack } from './roll-back.js';
import type { Run } from './run.js';
import type { RunFailure } from './run-failure.js';
import { outlineOf, recordsOf } from './step-outline.js';

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
  const failure = await goForwards(run.root);
  const undone = failure ? await rollBackAll(run, failure) : undoneOnTheWay(run);
  run.releaseContext();
  const report = toRunReport({
    runId: run.options.runId,
    workflow: run.options.workflow,
    status: failure ? statusAfter(run, undone ?? []) : 'succeeded',
    startedAt,
    durationMs: run.clock.now() - run.startedMs,
    error: failure?.error,
    records: recordsOf(run.root),
    stepsTotal: run.root.steps.length,
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
    steps: outlineOf(run.root.steps.map(({ step }) => step)),
  });
}

async function rollBackAll(run: Run, failure: RunFailure): Promise<StepRecord[]> {
  const rolledBack = (await rollBack(run, failure)).map(({ record }) => record);
  const before = (undoneOnTheWay(run) ?? []).filter((record) => !rolledBack.includes(record));
  return [...before, ...rolledBack];
}

/** The optional steps that were undone while the run went on; undefined when there were none. */
function undoneOnTheWay(run: Run): StepRecord[] | undefined {
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
