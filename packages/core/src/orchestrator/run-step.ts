import type { BaseStepContext } from '../context/base-step-context.js';
import { copyJsonObject, encodeJsonObject, isEmpty } from '../json/json-value.js';
import type { SkipDecision } from '../step/base-step.js';
import { StepUsageError } from '../step/step-error.js';
import { StepResult } from '../step/step-result.js';
import { ActiveCall } from './active-call.js';
import { endFailed, endReturned, endSkipped } from './end-step.js';
import type { RunOptions } from './run.js';
import { cancelFailure, type RunFailure } from './run-failure.js';
import { isPromise, Watch } from './settle.js';
import { settleStep } from './settle-step.js';
import type { RunStep } from './step-scope.js';
import { writableResult } from './writable-result.js';

/** Runs one step: may it be skipped, what did it do, how did it end. Resolves to why the run cannot go on, or undefined. */
export function runStep(entry: RunStep): Promise<RunFailure | undefined> {
  const { scope } = entry;
  const call = new ActiveCall(entry);
  const context = scope.run.contextFor(call);
  const decision = askSkip(call, context);
  // Most steps are not skipped, and say so at once: they are spared a promise.
  if (decision === false && !scope.cancellation.requested) return executeStep(call, context);
  return skipOrExecute(call, { context, decision });
}

/** Runs a step that was interrupted and may simply be entered again. */
export function executeAgain(entry: RunStep): Promise<RunFailure | undefined> {
  const call = new ActiveCall(entry);
  return executeStep(call, entry.scope.run.contextFor(call));
}

type Decision = SkipDecision | Promise<SkipDecision>;

/** What `canSkip` says; what it throws is a rejection. */
function askSkip(call: ActiveCall, context: BaseStepContext): Decision {
  const { step, scope } = call.entry;
  const { beforeStep } = scope.run.options;
  try {
    if (beforeStep !== undefined && scope.parent === undefined) return askAfter(beforeStep, call, context);
    const decision = step.canSkip(context);
    return isPromise(decision) ? settleStep(call, new Watch(decision)) : decision;
  } catch (error) {
    return rethrow(error);
  }
}

async function rethrow(error: unknown): Promise<never> {
  throw error;
}

async function askAfter(
  beforeStep: NonNullable<RunOptions['beforeStep']>,
  call: ActiveCall,
  context: BaseStepContext,
): Promise<SkipDecision> {
  await beforeStep(call.step, context);
  const decision = call.entry.step.canSkip(context);
  return isPromise(decision) ? settleStep(call, new Watch(decision)) : decision;
}

async function skipOrExecute(
  call: ActiveCall,
  { context, decision }: { readonly context: BaseStepContext; readonly decision: Decision },
): Promise<RunFailure | undefined> {
  const { entry } = call;
  const { cancellation, run } = entry.scope;
  try {
    const skip = await decision;
    if (skip) return endSkipped(entry, typeof skip === 'string' ? skip : undefined);
  } catch (error) {
    return endFailed(entry, run.explain(error, entry));
  }
  if (cancellation.requested) return cancelFailure(cancellation.reason, call.step);
  return await executeStep(call, context);
}

async function executeStep(call: ActiveCall, context: BaseStepContext): Promise<RunFailure | undefined> {
  const { entry } = call;
  const { run } = entry.scope;
  run.begin(entry);
  try {
    const durable = run.commit();
    if (durable) await durable;
    let returned: unknown = entry.step.execute(context);
    if (isPromise(returned)) {
      const watch = new Watch(returned);
      await LOOKED_AT; // most promises of steps are settled then, and need no limit
      returned = watch.isPending ? await settleStep(call, watch) : watch.result();
    }
    const result = keepResult(entry, returned);
    if (result.success) {
      if (entry.failedSave) throw entry.failedSave.error;
      run.contexts.record(entry);
    }
    if (result.success && result.skipped) return endSkipped(entry, result.skipReason);
    return endReturned(entry, result);
  } catch (error) {
    return endFailed(entry, run.explain(error, entry));
  }
}

const LOOKED_AT = Promise.resolve();

/** Takes over what a step returned; throws when it is no result, or when its undo data is not JSON. */
function keepResult(entry: RunStep, result: unknown): StepResult {
  const { record, scope } = entry;
  if (!StepResult.is(result)) {
    const found = result === undefined ? 'nothing' : result === null ? 'null' : `a value of type ${typeof result}`;
    throw new StepUsageError('invalid_result', `The step '${record.name}' returned ${found} instead of a StepResult.`);
  }
  checkFields(result, record.name);
  if (!isEmpty(result.rollbackData)) {
    const delta = encodeJsonObject(result.rollbackData, `The rollbackData of '${record.name}'`);
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
