import { errorMessage } from '../errors/error-record.js';
import { SynapseStepsError } from '../errors/synapse-steps-error.js';
import type { RunEventBody } from '../events/run-event.js';
import { isEmpty } from '../json/json-value.js';
import { StepResult } from '../step/step-result.js';
import { recordContextAnyway } from './record-context.js';
import { cancelFailure, interruptedFailure, stepFailure, type RunFailure } from './run-failure.js';
import type { RunStep } from './step-scope.js';

/** A step that had nothing to do, by its `canSkip` or by what it returned. */
export function endSkipped(entry: RunStep, reason: string | undefined): undefined {
  const { record } = entry;
  const { run } = entry.scope;
  record.status = 'skipped';
  record.skipReason = reason;
  if (entry.result) entry.result.status = 'completed';
  entry.scope.finish(entry);
  run.keepResult(entry, entry.result ?? StepResult.skip(reason));
  if (entry.returnedUndoData) {
    run.emit({ type: 'undo-saved', step: record.name, attempt: record.attempts, data: entry.returnedUndoData });
  }
  run.emit({ type: 'step-skip', step: record.name, ...(reason !== undefined && { reason }) });
  entry.scope.tellProgress(true);
}

/** A step that returned a result, which may say that it failed. */
export function endReturned(entry: RunStep, result: StepResult): RunFailure | undefined {
  if (!result.success) {
    const message = result.error ?? 'the step gave no reason';
    const cause = result.cause ?? new Error(message);
    return endUnsuccessful(entry, result, stepFailure(entry.record.name, message, cause));
  }
  entry.record.status = 'completed';
  result.status = 'completed';
  entry.record.data = result.data;
  entry.scope.run.keepResult(entry, result);
  entry.scope.finish(entry);
  emitStepEnd(entry);
  entry.scope.tellProgress(true);
  return undefined;
}

/** A step that threw, or whose answer was no result. */
export function endFailed(entry: RunStep, error: unknown): RunFailure {
  const message = errorMessage(error);
  const result = (entry.result ??= new StepResult({ success: false, error: message, cause: error }));
  return endUnsuccessful(entry, result, stepFailure(entry.record.name, message, error));
}

function endUnsuccessful(entry: RunStep, result: StepResult, failure: RunFailure): RunFailure {
  const { record } = entry;
  const { cause } = failure;
  const status = SynapseStepsError.is(cause) && cause.outcomeUnknown ? 'unknown' : 'failed';
  if (entry.scope.run.isInterrupted) return interruptedFailure(record.name, failure.cause);
  record.status = status;
  record.error = failure.error;
  recordContextAnyway(entry);
  result.status = status;
  record.data = result.data;
  entry.scope.run.keepResult(entry, result);
  emitStepEnd(entry);
  return entry.scope.cancellation.requested ? cancelFailure(entry.scope.cancellation.reason, record.name) : failure;
}

function emitStepEnd(entry: RunStep): void {
  const { record, returnedUndoData } = entry;
  const { run } = entry.scope;
  record.durationMs = run.clock.now() - (entry.startedMs ?? run.clock.now());
  if (!run.events.hasReaders) return run.events.skip();
  const { name, status, durationMs, data, error } = record;
  const event: StepEndBody = { type: 'step-end', step: name, status: status as StepEndBody['status'], durationMs };
  if (data && !isEmpty(data)) event.data = data;
  if (returnedUndoData) event.rollbackData = returnedUndoData;
  if (error) event.error = error;
  run.emit(event);
}

type StepEndBody = Extract<RunEventBody, { type: 'step-end' }>;
