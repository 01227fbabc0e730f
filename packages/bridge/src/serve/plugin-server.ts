import { z } from 'zod';
import type { FrameWriter } from '../framing/frame-writer.js';
import type { NotificationFrame, RequestFrame } from '../protocol/frame.js';
import { cancelParamsSchema, undoSavedParamsSchema } from '../protocol/notifications.js';
import { isRequestMethod, REQUESTS } from '../protocol/methods.js';
import { answerInitialize } from './answer-initialize.js';
import { describeSteps } from './describe-steps.js';
import { openCall, type StepParams } from './open-call.js';
import type { PluginOffer } from './plugin-offer.js';
import { RefusedRequestError } from './refused-request-error.js';
import {
  type Answer,
  answerCanSkip,
  answerExecute,
  answerRollback,
  resultToUndo,
  type Served,
} from './served-answer.js';
import type { ServedCall } from './served-call.js';
import { ServedMemory } from './served-memory.js';
import { wireErrorOf, wireErrorOfRequest } from './wire-error-of.js';
import { writeAnswer } from './write-answer.js';

/** Answers the requests of a host: each exactly once, steps one after the other, pings at any time. */
export class PluginServer {
  readonly #offer: PluginOffer;
  readonly #writer: FrameWriter;
  /** The requests that wait for their turn; those that were cancelled meanwhile with the reason. */
  readonly #waiting = new Map<number, Error | undefined>();
  readonly #memory = new ServedMemory();
  #current: ServedCall | undefined;
  #turns: Promise<void> = Promise.resolve();

  constructor(offer: PluginOffer, writer: FrameWriter) {
    this.#offer = offer;
    this.#writer = writer;
  }

  onRequest({ id, method, params = {} }: RequestFrame): void {
    if (!isRequestMethod(method)) {
      const error = wireErrorOf('method_not_found', new Error(`unknown method: ${method}`));
      writeAnswer(this.#writer, id, { error });
      return;
    }
    const respond = async (): Promise<void> => {
      const answer = await this.#handle(id, method, params);
      this.#waiting.delete(id);
      writeAnswer(this.#writer, id, answer);
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
    writeAnswer(this.#writer, id, { error: wireErrorOf('invalid_request', new Error(problem)) });
  }

  onNotification({ method, params }: NotificationFrame): void {
    if (method === 'undo_saved') {
      const saved = undoSavedParamsSchema.safeParse(params).data;
      if (saved !== undefined && saved.id === this.#current?.id) this.#current.undoSaved(saved.seq);
    } else if (method === 'cancel') {
      const cancel = cancelParamsSchema.safeParse(params).data;
      if (cancel !== undefined) this.#cancel(cancel.id, cancelReason(cancel.reason));
    }
  }

  /** The host is gone: the running step is told to stop. Resolves when everything that was asked is answered. */
  async finish(): Promise<void> {
    this.#current?.cancel(cancelReason('the host is gone'));
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
      return { error: wireErrorOfRequest(error) };
    }
  }

  #initialize(said: z.output<typeof REQUESTS.initialize.params>): Record<string, unknown> {
    const result = answerInitialize(said.protocol_versions, this.#offer);
    this.#offer.onInitialize(said);
    return result;
  }

  /** Opens the call, and closes it when the step has answered. */
  async #inCall(id: number, params: StepParams, answer: (served: Served) => Promise<Answer>): Promise<Answer> {
    const notify = (method: string, said: Record<string, unknown>): void =>
      this.#writer.write({ jsonrpc: '2.0', method, params: said });
    const served = openCall(this.#offer, params, { id, notify, memory: this.#memory });
    this.#current = served.call;
    this.#offer.onCall();
    const cancelled = this.#waiting.get(id);
    try {
      if (cancelled !== undefined) return { error: wireErrorOf('cancelled', cancelled, { cause: [] }) };
      return await answer(served);
    } finally {
      served.call.close();
      served.served.leaveTo(this.#memory, params.run_id);
      this.#current = undefined;
    }
  }
}

function parse<TMethod extends keyof typeof REQUESTS>(
  method: TMethod,
  params: Record<string, unknown>,
): z.output<(typeof REQUESTS)[TMethod]['params']> {
  const parsed = REQUESTS[method].params.safeParse(params);
  if (parsed.success) return parsed.data as z.output<(typeof REQUESTS)[TMethod]['params']>;
  throw new RefusedRequestError('invalid_message', `'${method}' has a wrong shape: ${z.prettifyError(parsed.error)}`);
}

function cancelReason(reason: string): Error {
  return Object.assign(new Error(reason === '' ? 'the call was cancelled' : reason), { name: 'AbortError' });
}
