import {
  BaseStepContext,
  type BaseStep,
  errorMessage,
  type ErrorRecord,
  type JsonObject,
  STEP_CALL,
  SynapseStepsError,
} from '@synapse-steps/core';
import { z } from 'zod';
import type { FrameWriter } from '../framing/frame-writer.js';
import type { NotificationFrame, RequestFrame } from '../protocol/frame.js';
import { cancelParamsSchema, undoSavedParamsSchema } from '../protocol/notifications.js';
import { isRequestMethod, REQUESTS, type RequestResult } from '../protocol/methods.js';
import type { CanSkipParams, ExecuteParams, RollbackParams } from '../protocol/step-call.js';
import { highestCommonVersion, PROTOCOL_VERSIONS } from '../protocol/version.js';
import { PACKAGE_VERSION } from '../package-version.js';
import { describeSteps } from './describe-steps.js';
import {
  type Answer,
  answerCanSkip,
  answerExecute,
  answerRollback,
  resultToUndo,
  type Served,
  wireErrorOf,
  wireKindOf,
} from './served-answer.js';
import { ServedCall } from './served-call.js';
import { type ContextClass, ServedContext } from './served-context.js';

/** What a plugin offers. */
export interface PluginOffer {
  readonly steps: readonly BaseStep[];
  readonly contextClass: ContextClass;
  readonly name: string;
  readonly version: string;
  /** Hears what the host says of itself, before anything else of it is answered. */
  readonly onInitialize: (said: z.output<typeof REQUESTS.initialize.params>) => void;
}

/** A refusal that is told to the host as an error of the protocol. */
class RefusedRequestError extends SynapseStepsError {}

type StepParams = CanSkipParams &
  Partial<Pick<ExecuteParams & RollbackParams, 'attempt' | 'idempotency_key' | 'undo_attempt' | 'cause'>>;

/** Answers the requests of a host: each exactly once, steps one after the other, pings at any time. */
export class PluginServer {
  readonly #offer: PluginOffer;
  readonly #writer: FrameWriter;
  /** The requests that wait for their turn; those that were cancelled meanwhile with the reason. */
  readonly #waiting = new Map<number, Error | undefined>();
  #current: ServedCall | undefined;
  #turns: Promise<void> = Promise.resolve();

  constructor(offer: PluginOffer, writer: FrameWriter) {
    this.#offer = offer;
    this.#writer = writer;
  }

  onRequest({ id, method, params = {} }: RequestFrame): void {
    if (!isRequestMethod(method)) {
      this.#answer(id, { error: wireErrorOf('method_not_found', new Error(`unknown method: ${method}`)) });
      return;
    }
    const respond = async (): Promise<void> => {
      const answer = await this.#handle(id, method, params);
      this.#waiting.delete(id);
      this.#answer(id, answer);
    };
    if (method === 'ping') {
      void respond();
      return;
    }
    this.#waiting.set(id, undefined);
    this.#turns = this.#turns.then(respond);
  }

  /** Answers a request that could not be read. */
  refuse(id: number, problem: string): void {
    this.#answer(id, { error: wireErrorOf('invalid_request', new Error(problem)) });
  }

  onNotification({ method, params }: NotificationFrame): void {
    if (method === 'undo_saved') {
      const saved = undoSavedParamsSchema.safeParse(params).data;
      if (saved !== undefined && saved.id === this.#current?.id) this.#current.undoSaved(saved.seq);
    } else if (method === 'cancel') {
      const cancel = cancelParamsSchema.safeParse(params).data;
      if (cancel !== undefined) this.#cancel(cancel.id, cancelError(cancel.reason));
    }
  }

  /** The host is gone: the running step is told to stop. Resolves when everything that was asked is answered. */
  async finish(): Promise<void> {
    this.#current?.cancel(cancelError('the host is gone'));
    await this.#turns;
  }

  #cancel(id: number, reason: Error): void {
    if (id === this.#current?.id) this.#current.cancel(reason);
    else if (this.#waiting.has(id)) this.#waiting.set(id, reason);
  }

  async #handle(id: number, method: keyof typeof REQUESTS, params: Record<string, unknown>): Promise<Answer> {
    try {
      switch (method) {
        case 'initialize':
          return { result: this.#initialize(parse('initialize', params)) };
        case 'describe':
          return { result: describeSteps(this.#offer.steps) };
        case 'ping':
        case 'shutdown':
          return { result: {} };
        case 'can_skip':
          return await this.#inCall(id, parse('can_skip', params), answerCanSkip);
        case 'execute':
          return await this.#inCall(id, parse('execute', params), answerExecute);
        case 'rollback': {
          const parsed = parse('rollback', params);
          return await this.#inCall(id, parsed, (served) => answerRollback(served, resultToUndo(parsed)));
        }
      }
    } catch (error) {
      return { error: wireErrorOf(wireKindOf(error), error) };
    }
  }

  #initialize(said: z.output<typeof REQUESTS.initialize.params>): RequestResult<'initialize'> {
    const version = highestCommonVersion(said.protocol_versions);
    if (version === undefined) {
      throw new RefusedRequestError({
        code: 'version_mismatch',
        message: `This plugin speaks version ${PROTOCOL_VERSIONS.join(', ')} of the step protocol.`,
      });
    }
    this.#offer.onInitialize(said);
    return {
      protocol_version: version,
      plugin: {
        name: this.#offer.name,
        version: this.#offer.version,
        language: 'node',
        sdk: { name: '@synapse-steps/bridge', version: PACKAGE_VERSION },
      },
      capabilities: {
        max_in_flight: 1,
        cancel: true,
        ping: true,
        rollback: true,
        can_skip: true,
        undo: true,
        context_delta: false,
        files: false,
        actions: false,
      },
    };
  }

  /** Makes the call and its context, and closes both when the step has answered. */
  async #inCall(id: number, params: StepParams, answer: (served: Served) => Promise<Answer>): Promise<Answer> {
    const step = this.#offer.steps.find((candidate) => candidate.name === params.step);
    if (step === undefined) {
      const known = this.#offer.steps.map((one) => one.name).join(', ');
      throw new RefusedRequestError({
        code: 'invalid_params',
        message: `This plugin has no step '${params.step}', only ${known}.`,
      });
    }
    const served = new ServedContext(
      this.#offer.contextClass,
      params.context.full as JsonObject,
      params.params as JsonObject,
    );
    const call = this.#callOf(id, { params, step, served });
    served.context[STEP_CALL] = call;
    served.fill(params.context.full as JsonObject);
    this.#current = call;
    const cancelled = this.#waiting.get(id);
    try {
      if (cancelled !== undefined) return { error: wireErrorOf('cancelled', cancelled) };
      return await answer({ step, call, served });
    } finally {
      call.close();
      this.#current = undefined;
    }
  }

  #callOf(
    id: number,
    { params, step, served }: { params: StepParams; step: BaseStep; served: ServedContext },
  ): ServedCall {
    return new ServedCall({
      id,
      runId: params.run_id,
      step: step.name,
      attempt: params.attempt ?? 1,
      undoAttempt: params.undo_attempt ?? 0,
      idempotencyKey: params.idempotency_key ?? '',
      stepParams: params.step_params as JsonObject,
      rollbackCause: rollbackCauseOf(params.cause),
      mayUndo: step.hasRollback,
      notify: (method, notification) => this.#writer.write({ jsonrpc: '2.0', method, params: notification }),
      takeChanges: () => served.takeChanges(),
    });
  }

  /** An answer that cannot be written is answered all the same: without its data, or with an error that says why. */
  #answer(id: number, answer: Answer): void {
    const attempts = [() => answer, (error: unknown) => withoutData(answer, error), (error: unknown) => refusal(error)];
    let problem: unknown;
    for (const attempt of attempts) {
      try {
        this.#writer.write({ jsonrpc: '2.0', id, ...attempt(problem) });
        return;
      } catch (error) {
        problem = error;
      }
    }
  }
}

/** The result of a step as a failure that keeps its undo data and its changes, which matter more than its data. */
function withoutData(answer: Answer, problem: unknown): Answer {
  if (!('result' in answer) || !('success' in answer.result)) return refusal(problem);
  return { result: { ...answer.result, success: false, skipped: false, data: null, error: errorMessage(problem) } };
}

function refusal(problem: unknown): Answer {
  return { error: wireErrorOf('unserialisable_value', problem) };
}

function parse<TMethod extends keyof typeof REQUESTS>(
  method: TMethod,
  params: Record<string, unknown>,
): z.output<(typeof REQUESTS)[TMethod]['params']> {
  const parsed = REQUESTS[method].params.safeParse(params);
  if (parsed.success) return parsed.data as z.output<(typeof REQUESTS)[TMethod]['params']>;
  throw new RefusedRequestError({
    code: 'invalid_message',
    message: `'${method}' has a wrong shape: ${z.prettifyError(parsed.error)}`,
  });
}

function rollbackCauseOf(cause: StepParams['cause']): ErrorRecord | undefined {
  return cause ? { name: cause.name, message: cause.message, code: cause.code ?? 'error' } : undefined;
}

function cancelError(reason: string): Error {
  return Object.assign(new Error(reason === '' ? 'the call was cancelled' : reason), { name: 'AbortError' });
}

/** Contexts without a class of their own. */
export const PLAIN_CONTEXT: ContextClass = BaseStepContext;
