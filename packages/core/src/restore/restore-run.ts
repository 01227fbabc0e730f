import { patchContext } from '../context/patch-context.js';
import { SynapseStepsError } from '../errors/synapse-steps-error.js';
import { decodeJson } from '../json/json-value.js';
import type { Run } from '../orchestrator/run.js';
import { StepScope, type RunStep } from '../orchestrator/step-scope.js';
import type { FoldedRun } from '../report/fold-run-events.js';
import type { StepRecord } from '../report/step-record.js';
import { BaseStep } from '../step/base-step.js';
import { StepResult } from '../step/step-result.js';

/** Puts a new run where the recorded one had come to: its steps' records and results, its context, its progress. */
export function restoreRun(run: Run, folded: FoldedRun): void {
  const entries = restoreScope(run.root, folded);
  for (const { context, patch } of folded.contextChanges) {
    const changed = context === undefined ? run.context : entries.get(context)?.step.childContext;
    if (changed) patchContext(changed, patch);
  }
  run.started = folded.started.map((path) => entries.get(path) ?? goneEntry(run, folded, path));
  run.fractionBefore = run.root.progress.fraction;
}

function restoreScope(scope: StepScope, folded: FoldedRun): Map<string, RunStep> {
  const entries = new Map<string, RunStep>();
  for (const entry of scope.steps) {
    const recorded = folded.records.get(entry.record.name);
    if (recorded !== undefined) restoreStep(entry, withValues(recorded));
    entries.set(entry.record.name, entry);
    if (entry.children === undefined) continue;
    for (const [path, child] of restoreScope(entry.children, folded)) entries.set(path, child);
  }
  return entries;
}

function restoreStep(entry: RunStep, recorded: StepRecord): void {
  Object.assign(entry.record, recorded, { weight: entry.record.weight });
  const { status, data, error } = recorded;
  if (isDone(entry)) entry.scope.finish(entry);
  if (recorded.attempts === 0) return;
  const success = status === 'completed' || status === 'skipped';
  entry.result = new StepResult({ success, error: error?.message ?? null, ...(data && { data }) });
  // One that was running when the host died may have had its effect or not.
  entry.result.status = success ? 'completed' : status === 'failed' ? 'failed' : 'unknown';
}

/** A record whose data are values again. They are for information: what cannot be read stays as it is, and stops no undo. */
function withValues(recorded: StepRecord): StepRecord {
  try {
    return { ...recorded, data: recorded.data && (decodeJson(recorded.data, 'The data') as Record<string, unknown>) };
  } catch {
    return recorded; // somebody else wrote them
  }
}

/** Whether a step keeps its recorded outcome: it completed, was skipped, or was optional, failed and is undone. */
export function isDone({ step, record }: RunStep): boolean {
  if (record.status === 'completed' || record.status === 'skipped') return true;
  return record.status === 'failed' && step.optional === true && record.undo !== undefined;
}

/** A step that was started once and is not defined any more: its undo can only fail, and says why. */
function goneEntry(run: Run, folded: FoldedRun, path: string): RunStep {
  const scope = new StepScope([new GoneStep(path)], { run, parent: undefined });
  const entry = scope.steps[0] as RunStep;
  const recorded = folded.records.get(path);
  Object.assign(entry.record, recorded && withValues(recorded));
  entry.result = new StepResult(); // which nobody looks at
  return entry;
}

class GoneStep extends BaseStep {
  readonly name: string;
  readonly progressWeight = 0;

  constructor(name: string) {
    super();
    this.name = name;
  }

  execute(): StepResult {
    throw goneError(this.name);
  }

  override rollback(): void {
    throw goneError(this.name);
  }
}

function goneError(step: string): SynapseStepsError {
  return new SynapseStepsError({
    code: 'step_gone',
    message: `The step '${step}' is not part of the workflow any more, so nothing here knows how to undo it.`,
  });
}
