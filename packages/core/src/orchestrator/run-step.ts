import type { BaseStepContext } from '../context/base-step-context.js';
import { copyJsonObject, isEmpty } from '../json/json-value.js';
import { StepUsageError } from '../step/step-error.js';
import { StepResult } from '../step/step-result.js';
import { ActiveCall } from './active-call.js';
import { endFailed, endReturned, endSkipped } from './end-step.js';
import { cancelFailure, type RunFailure } from './run-failure.js';
import { isPromise } from './settle.js';
import { settleStep } from './settle-step.js';
import type { RunStep } from './step-scope.js';
import { writableResult } from './writable-result.js';

/** Runs one step: may it be skipped, what did it do, how did it end. Returns why the run cannot go on, or undefined. */
export async function runStep(entry: RunStep): Promise<RunFailure | undefined> {
  const { scope, step, record } = entry;
  const call = new ActiveCall(entry);
  const context = scope.run.contextFor(call);
  try {
    const { beforeStep } = scope.run.options;
    if (beforeStep !== undefined && scope.parent === undefined) await beforeStep(record.name, context);
    const decision = step.canSkip(context);
    const skip = isPromise(decision) ? await settleStep(call, decision) : decision;
    if (skip) return endSkipped(entry, typeof skip === 'string' ? skip : undefined);
  } catch (error) {
    return endFailed(entry, entry.scope.run.explain(error));
  }
  if (scope.cancellation.requested) return cancelFailure(scope.cancellation.reason, record.name);
  return executeStep(call, context);
}

/** Runs a step that was interrupted and may simply be entered again. */
export function executeAgain(entry: RunStep): Promise<RunFailure | undefined> {
  const call = new ActiveCall(entry);
  return executeStep(call, entry.scope.run.contextFor(call));
}

async function executeStep(call: ActiveCall, context: BaseStepContext): Promise<RunFailure | undefined> {
  const { entry } = call;
  const { run } = entry.scope;
  run.begin(entry);
  try {
    const durable = run.commit();
    if (durable) await durable;
    const returned = entry.step.execute(context);
    const result = keepResult(entry, isPromise(returned) ? await settleStep(call, returned) : returned);
    if (result.success) {
      if (entry.failedSave) throw entry.failedSave.error;
      run.recordContext(call.step);
    }
    if (result.success && result.skipped) return endSkipped(entry, result.skipReason);
    return endReturned(entry, result);
  } catch (error) {
    return endFailed(entry, entry.scope.run.explain(error));
  }
}

/** Takes over what a step returned; throws when it is no result, or when its undo data is not JSON. */
function keepResult(entry: RunStep, result: unknown): StepResult {
  const { record, scope } = entry;
  if (!StepResult.is(result)) {
    const found = result === undefined ? 'nothing' : result === null ? 'null' : `a value of type ${typeof result}`;
    throw new StepUsageError('invalid_result', `The step '${record.name}' returned ${found} instead of a StepResult.`);
  }
  checkFields(result, record.name);
  if (!isEmpty(result.rollbackData)) {
    const delta = copyJsonObject(result.rollbackData, `The rollbackData of '${record.name}'`);
    record.undoData = { ...record.undoData, ...delta };
    entry.returnedUndoData = delta;
  }
  if (scope.run.isJournaled) copyJsonObject(result.data, `The data of '${record.name}'`);
  entry.result = writableResult(result);
  return entry.result;
}

/** Reads what will be needed of a result here, where its getters may throw, and checks it. */
function checkFields(result: StepResult, step: string): void {
  const isReadable = typeof result.success === 'boolean' && typeof result.skipped === 'boolean';
  if (isReadable && isRecord(result.data) && isRecord(result.rollbackData)) return;
  throw new StepUsageError(
    'invalid_result',
    `The step '${step}' returned a result that is not one: success and skipped are true or false, data and rollbackData are objects.`,
  );
}

function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
