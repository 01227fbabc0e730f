import { SynapseStepsError } from '../errors/synapse-steps-error.js';
import { undoTree } from './roll-back.js';
import { interruptedFailure, stepFailure, type RunFailure } from './run-failure.js';
import { executeAgain, runStep } from './run-step.js';
import type { RunStep } from './step-scope.js';

/** Goes on with a step that an earlier host had started and not ended, as the step declares. */
export async function resumeStep(entry: RunStep): Promise<RunFailure | undefined> {
  const { record, step } = entry;
  if (record.status !== 'running') return failedBefore(entry);
  // A step around others is entered again; those inside it are resumed one by one.
  if (step.children !== undefined) return executeAgain(entry);
  if (step.onInterrupt === 'retry') return executeAgain(entry);
  if (step.onInterrupt === 'hold' || (step.onInterrupt === undefined && step.pivot === true)) return held(entry);
  const interrupted = interruptedError(record.name);
  await undoTree(entry, stepFailure(record.name, interrupted.message, interrupted));
  if (record.undo?.outcome === 'failed') return stepFailure(record.name, interrupted.message, interrupted);
  entry.result = undefined;
  return runStep(entry); // the record begins anew once it is entered: until then the step is one that was undone
}

/** The host died between the failure and what follows from it. */
function failedBefore({ record }: RunStep): RunFailure {
  const message = record.error?.message ?? 'it failed before the host stopped';
  const cause = new SynapseStepsError({ code: record.error?.code ?? 'step_failed', message });
  const failure = stepFailure(record.name, message, cause);
  return record.error ? { ...failure, error: record.error } : failure;
}

/** Stops the whole run where it is, also when the step is one of several side by side. */
function held({ record, scope: { run } }: RunStep): RunFailure {
  const error = new SynapseStepsError({
    code: 'step_held',
    message: `The step '${record.name}' was interrupted and must not be repeated unasked (onInterrupt: hold). Look what it did, then roll the run back.`,
  });
  run.isInterrupted = true;
  run.cancellation.request(error);
  return interruptedFailure(record.name, error);
}

function interruptedError(step: string): SynapseStepsError {
  return new SynapseStepsError({
    code: 'step_interrupted',
    message: `The host stopped while the step '${step}' was running.`,
    outcomeUnknown: true,
  });
}
