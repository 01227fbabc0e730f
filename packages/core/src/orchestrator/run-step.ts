import type { BaseStepContext } from '../context/base-step-context.js';
import { errorMessage } from '../errors/error-record.js';
import { SynapseStepsError } from '../errors/synapse-steps-error.js';
import { copyJsonObject } from '../json/json-value.js';
import { StepUsageError } from '../step/step-error.js';
import { StepResult } from '../step/step-result.js';
import { ActiveCall } from './active-call.js';
import { endFailed, endReturned, endSkipped } from './end-step.js';
import type { Run, RunStep } from './run.js';
import { cancelFailure, type RunFailure } from './run-failure.js';
import { GIVEN_UP, isPromise, settle } from './settle.js';

/** Runs one step: may it be skipped, what did it do, how did it end. Returns why the run cannot go on, or undefined. */
export async function runStep(run: Run, entry: RunStep): Promise<RunFailure | undefined> {
  const call = new ActiveCall(run, entry);
  const context = run.contextFor(call);
  try {
    const decision = entry.step.canSkip(context);
    const skip = isPromise(decision) ? await settleStep(run, call, decision) : decision;
    if (skip) return endSkipped(run, entry, typeof skip === 'string' ? skip : undefined);
  } catch (error) {
    return endFailed(run, entry, error);
  }
  if (run.cancellation.requested) return cancelFailure(run.cancellation.reason, entry.record.name);
  return executeStep(run, call, context);
}

async function executeStep(run: Run, call: ActiveCall, context: BaseStepContext): Promise<RunFailure | undefined> {
  const { entry } = call;
  run.begin(entry);
  try {
    const returned = entry.step.execute(context);
    const result = isPromise(returned) ? await settleStep(run, call, returned) : returned;
    keepResult(entry, result);
    if (result.success && result.skipped) return endSkipped(run, entry, result.skipReason);
    return endReturned(run, entry, result);
  } catch (error) {
    return endFailed(run, entry, error);
  }
}

/** Takes over what a step returned; throws when it is no result, or when its undo data is not JSON. */
function keepResult(entry: RunStep, result: unknown): asserts result is StepResult {
  const { record } = entry;
  if (!StepResult.is(result)) {
    const found = result === undefined ? 'nothing' : result === null ? 'null' : `a value of type ${typeof result}`;
    throw new StepUsageError('invalid_result', `The step '${record.name}' returned ${found} instead of a StepResult.`);
  }
  if (Object.keys(result.rollbackData).length > 0) {
    const delta = copyJsonObject(result.rollbackData, `The rollbackData of '${record.name}'`);
    record.undoData = { ...record.undoData, ...delta };
    entry.returnedUndoData = delta;
  }
  entry.result = result;
}

/** Waits for a step's promise; a cancelled step that does not stop within its grace is given up. */
async function settleStep<T>(run: Run, call: ActiveCall, promise: PromiseLike<T>): Promise<T> {
  const graceMs = call.entry.step.cancelGraceMs ?? run.options.graceMs;
  const settled = await settle(promise, {
    limit: (giveUp) => run.cancellation.whenGraceIsOver(graceMs, giveUp),
    onLate: (late) => reportLate(run, call.step, late),
  });
  if (settled !== GIVEN_UP) return settled;
  run.shutOut(call);
  throw new SynapseStepsError({
    code: 'step_given_up',
    message: `The step '${call.step}' did not stop within ${graceMs} ms of the cancel and was given up; it may still be working.`,
    cause: run.cancellation.reason,
    outcomeUnknown: true,
  });
}

function reportLate(run: Run, step: string, late: { readonly value: unknown } | { readonly error: unknown }): void {
  if (run.events.ended) return;
  const came = 'error' in late ? `failed: ${errorMessage(late.error)}` : 'ended';
  run.emit({
    type: 'step-log',
    step,
    level: 'warning',
    message: `The step was given up and then ${came}. That was dropped.`,
  });
}
