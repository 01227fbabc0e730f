import type { RunReport } from '../report/run-report.js';
import { toRunReport, type StepRecord } from '../report/step-record.js';
import type { BaseStep } from '../step/base-step.js';
import type { ActiveCall } from './active-call.js';
import { goForwards } from './go-forwards.js';
import { cancelFailure } from './run-failure.js';
import type { ChildOutcome } from './step-control.js';
import { recordsOf } from './step-outline.js';
import { type RunStep, StepScope } from './step-scope.js';
import { undoneRecords } from './undone-records.js';

/**
 * A run inside a step: its steps have weights, events, undo and results of their own, named by the path, and are undone
 * with the run like any other step. What cancels the step around them cancels them.
 */
export async function runChildren(
  call: ActiveCall,
  steps: readonly BaseStep[],
  { concurrency }: { readonly concurrency: number },
): Promise<ChildOutcome> {
  const { entry } = call;
  const children = scopeFor(entry, steps);
  const { cancellation } = children;
  const onAbort = (): void => cancellation.request(call.signal.reason);
  call.signal.addEventListener('abort', onAbort);
  if (call.signal.aborted) onAbort();
  try {
    const failure = await goForwards(children, concurrency);
    const data = Object.fromEntries(
      children.steps.map(({ record }) => [record.name.slice(entry.record.name.length + 1), record.data ?? {}]),
    );
    return {
      failure: call.signal.aborted ? cancelFailure(call.signal.reason, entry.record.name) : failure,
      data,
      report: () => reportInside(entry, children),
    };
  } finally {
    call.signal.removeEventListener('abort', onAbort);
  }
}

/** The report of the steps inside one, by the names that they have there. */
function reportInside({ record, startedMs = 0, scope: { run } }: RunStep, children: StepScope): RunReport {
  const prefix = `${record.name}/`;
  const named = (found: StepRecord): StepRecord => ({ ...found, name: found.name.slice(prefix.length) });
  const undone = undoneRecords(run).filter(({ name }) => name.startsWith(prefix));
  return toRunReport({
    runId: run.options.runId,
    workflow: record.name,
    status: 'succeeded',
    startedAt: record.startedAt ?? run.startedAt,
    durationMs: run.clock.now() - startedMs,
    error: undefined,
    records: recordsOf(children).map(named),
    stepsTotal: children.steps.length,
    undone: undone.length > 0 ? undone.map(named) : undefined,
  });
}

/** The scope that was made beforehand, or restored; a further attempt gets its own, in which the counts go on. */
function scopeFor(entry: RunStep, steps: readonly BaseStep[]): StepScope {
  const before = entry.children;
  const scope =
    before && !before.isUsed ? before : new StepScope(steps, { run: entry.scope.run, parent: entry, before });
  scope.isUsed = true;
  entry.children = scope;
  return scope;
}
