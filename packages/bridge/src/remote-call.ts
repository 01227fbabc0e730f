import type { BaseStepContext } from '@synapse-steps/core';
import { ContextRelay, type Unkept } from './context-relay.js';
import { ContextExchange } from './context-sync/context-exchange.js';
import { removeFilesWithRun } from './exchange/host-exchange.js';
import type { StepDescription } from './protocol/describe.js';
import type { RequestMethod, RequestResult } from './protocol/methods.js';
import type { ContextDelta, ContextSnapshot } from './protocol/step-call.js';
import type { PluginPeer } from './session/plugin-peer.js';
import type { StepCaller, StepRequest } from './session/step-caller.js';

/** What is called, and by whom. */
export interface RemoteTarget {
  readonly caller: StepCaller;
  readonly description: StepDescription;
}

/** What a request says, with the context as the process gets it that will serve it. */
export type SaidWith = (context: ContextSnapshot | ContextDelta) => Record<string, unknown>;

/** One call of a step in a plugin: the way of the context there and back, and what the step reports meanwhile. */
export class RemoteCall {
  readonly exchange: ContextExchange;
  readonly #relay: ContextRelay;
  readonly #context: BaseStepContext;
  readonly #target: RemoteTarget;

  constructor(target: RemoteTarget, context: BaseStepContext) {
    removeFilesWithRun(context);
    this.#target = target;
    this.#context = context;
    this.exchange = new ContextExchange(context, target.caller.name);
    this.#relay = new ContextRelay(context, (patch) => this.exchange.apply(patch));
  }

  /** Makes the call; a second time, with the whole context, when the process does not hold what it was known to hold. */
  async make<TMethod extends RequestMethod>(
    method: TMethod,
    said: SaidWith,
    deadlineMs?: number,
  ): Promise<RequestResult<TMethod>> {
    const request = this.#request(method, said, deadlineMs);
    try {
      return await this.#send(request);
    } catch (error) {
      try {
        if (this.exchange.needsWhole(error)) return await this.#send(request);
        throw error;
      } catch (last) {
        await this.settled(); // what was held back is told before the end of the call is
        throw last;
      }
    }
  }

  /** Resolves when nothing that has come so far is still being saved: to the first thing that could not be kept. */
  settled(): Promise<Unkept | undefined> {
    return this.#relay.settled();
  }

  #send<TMethod extends RequestMethod>(request: StepRequest<TMethod>): Promise<RequestResult<TMethod>> {
    return this.#target.caller.call(request, (started) => this.#relay.attach(started));
  }

  #request<TMethod extends RequestMethod>(
    method: TMethod,
    said: SaidWith,
    deadlineMs: number | undefined,
  ): StepRequest<TMethod> {
    const { caller, description } = this.#target;
    return {
      method,
      step: description.name,
      params: (peer: PluginPeer) => said(this.exchange.contextFor(peer, caller.nextRevision())),
      listener: this.#relay,
      signal: this.#context.signal,
      deadlineMs,
      hangTimeoutMs: description.hang_timeout_ms ?? undefined,
      cancelGraceMs: description.cancel_grace_ms ?? undefined,
    };
  }
}
