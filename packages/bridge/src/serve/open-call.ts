import { type BaseStep, type ErrorRecord, type JsonObject, STEP_CALL } from '@synapse-steps/core';
import type { CanSkipParams, ExecuteParams, RollbackParams } from '../protocol/step-call.js';
import type { PluginOffer } from './plugin-offer.js';
import { RefusedRequestError } from './refused-request-error.js';
import type { Served } from './served-answer.js';
import { ServedCall } from './served-call.js';
import { ServedContext } from './served-context.js';
import type { ServedMemory } from './served-memory.js';

/** The params of a call of a step, whichever of the three it is. */
export type StepParams = CanSkipParams &
  Partial<Pick<ExecuteParams & RollbackParams, 'attempt' | 'idempotency_key' | 'undo_attempt' | 'cause'>>;

/** Which request a call answers, and how it speaks to the host meanwhile. */
export interface CallPlace {
  readonly id: number;
  readonly notify: (method: string, params: Record<string, unknown>) => void;
  /** What earlier calls left. */
  readonly memory: ServedMemory;
}

/**
 * Makes the call of a step and its context, as the host sent it.
 *
 * @throws RefusedRequestError when there is no such step, or the host builds on a context that is not here.
 */
export function openCall(offer: PluginOffer, params: StepParams, place: CallPlace): Served {
  const step = stepNamed(params.step, offer.steps);
  const sent = { runId: params.run_id, context: params.context, params: params.params as JsonObject };
  const served = new ServedContext(offer.contextClass, sent, place.memory);
  const call = new ServedCall({
    id: place.id,
    notify: place.notify,
    runId: params.run_id,
    step: step.name,
    attempt: params.attempt ?? 1,
    undoAttempt: params.undo_attempt ?? 0,
    idempotencyKey: params.idempotency_key ?? '',
    stepParams: params.step_params as JsonObject,
    rollbackCause: rollbackCauseOf(params.cause),
    mayUndo: step.hasRollback,
    takeChanges: () => served.takeChanges(),
  });
  served.context[STEP_CALL] = call;
  served.fill();
  return { step, call, served };
}

function stepNamed(name: string, steps: readonly BaseStep[]): BaseStep {
  const step = steps.find((candidate) => candidate.name === name);
  if (step !== undefined) return step;
  const known = steps.map((one) => one.name).join(', ');
  throw new RefusedRequestError('invalid_params', `This plugin has no step '${name}', only ${known}.`);
}

function rollbackCauseOf(cause: StepParams['cause']): ErrorRecord | undefined {
  return cause ? { name: cause.name, message: cause.message, code: cause.code ?? 'error' } : undefined;
}
