import {
  type BaseStep,
  type BaseStepContext,
  encodeJsonObject,
  errorMessage,
  type JsonObject,
  StepResult,
} from '@synapse-steps/core';
import type { WireError } from '../protocol/frame.js';
import type { RequestResult } from '../protocol/methods.js';
import type { StepCause } from '../protocol/step-call.js';
import type { ServedCall } from './served-call.js';
import type { ServedContext } from './served-context.js';
import { cancelledError, wireErrorOf } from './wire-error-of.js';

/** A step, and the one call of it that is under way. */
export interface Served {
  readonly step: BaseStep;
  readonly call: ServedCall;
  readonly served: ServedContext;
}

/** The answer to a request: a result, or an error of the protocol. */
export type Answer = { readonly result: Record<string, unknown> } | { readonly error: WireError };

/** Asks a step whether to skip it. */
export async function answerCanSkip({ step, served, call }: Served): Promise<Answer> {
  try {
    const decision = await step.canSkip(served.context);
    const reason = typeof decision === 'string' && decision !== '' ? decision : null;
    return { result: { skip: decision === true || reason !== null, reason } satisfies RequestResult<'can_skip'> };
  } catch (error) {
    const { signal } = call;
    return { error: signal.aborted ? cancelledError(signal, error) : wireErrorOf('step_failed', error) };
  }
}

/** Runs a step. Its failure is a result too; only a cancelled one answers with an error. */
export async function answerExecute({ step, served, call }: Served): Promise<Answer> {
  try {
    const result: unknown = await step.execute(served.context);
    if (!StepResult.is(result)) throw new TypeError(`execute() of '${step.name}' must return a StepResult.`);
    return { result: executeResult(result, served) };
  } catch (error) {
    const { patch } = served.takeChanges();
    if (call.signal.aborted) return { error: cancelledError(call.signal, error, { patch }) };
    return { result: failure(errorMessage(error), { cause: causeOf(error), patch }) };
  }
}

/** Undoes a step. */
export async function answerRollback({ step, served }: Served, result: StepResult): Promise<Answer> {
  try {
    const { leftBehind = [] } = (await undo(step, served.context, result)) ?? {};
    const { patch, problem } = served.takeChanges();
    if (problem !== undefined) return { result: failedUndo(problem, patch) };
    const outcome = leftBehind.length === 0 ? 'undone' : 'irreversible';
    return { result: { outcome, left_behind: [...leftBehind], error: null, cause: null, patch } };
  } catch (error) {
    return { result: failedUndo(error, served.takeChanges().patch) };
  }
}

async function undo(step: BaseStep, context: BaseStepContext, result: StepResult) {
  return await step.rollback(context, result);
}

/** One part that is no JSON fails the step, but takes neither its changes nor its undo data with it. */
function executeResult(result: StepResult, served: ServedContext): Record<string, unknown> {
  const { patch, problem: contextProblem } = served.takeChanges();
  const undoData = jsonOf(result.rollbackData, 'The undo data of the result');
  const data = jsonOf(result.data, 'The data of the result');
  const undo = undoData.json === null || Object.keys(undoData.json).length === 0 ? null : undoData.json;
  const kept = { data: data.json, undo, patch };
  const problem = contextProblem ?? undoData.problem ?? data.problem;
  if (problem !== undefined) return failure(errorMessage(problem), { ...kept, cause: causeOf(problem) });
  if (!result.success) {
    const cause = result.cause === undefined ? null : causeOf(result.cause);
    return failure(result.error ?? 'no reason given', { ...kept, cause });
  }
  return {
    success: true,
    skipped: result.skipped,
    skip_reason: result.skipReason ?? null,
    error: null,
    cause: null,
    ...kept,
  };
}

function jsonOf(value: unknown, what: string): { readonly json: JsonObject | null; readonly problem?: unknown } {
  try {
    return { json: encodeJsonObject(value, what) };
  } catch (problem) {
    return { json: null, problem };
  }
}

function failure(
  error: string,
  more: { readonly cause?: StepCause | null } & Record<string, unknown>,
): Record<string, unknown> {
  return {
    success: false,
    skipped: false,
    skip_reason: null,
    error,
    cause: null,
    data: null,
    undo: null,
    patch: [],
    ...more,
  };
}

function failedUndo(error: unknown, patch: readonly unknown[]): Record<string, unknown> {
  return { outcome: 'failed', left_behind: [], error: errorMessage(error), cause: causeOf(error), patch };
}

function causeOf(thrown: unknown): StepCause {
  if (!(thrown instanceof Error)) return { type: 'NonError', message: errorMessage(thrown), traceback: [] };
  return { type: thrown.name, message: thrown.message, traceback: (thrown.stack ?? '').split('\n') };
}

/** The result of a step as its rollback is told of it. */
export function resultToUndo(params: {
  readonly result: {
    readonly status: 'completed' | 'failed' | 'unknown';
    readonly data: Record<string, unknown> | null;
    readonly error: string | null;
  };
  readonly undo: Record<string, unknown>;
}): StepResult {
  const { status, data, error } = params.result;
  const result = new StepResult({
    success: status === 'completed',
    data: data ?? {},
    error,
    rollbackData: params.undo as JsonObject,
  });
  result.status = status;
  return result;
}
