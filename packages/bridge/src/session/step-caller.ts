import type { RequestMethod, RequestResult } from '../protocol/methods.js';
import type { CallRequest, OngoingCall } from './pending-request.js';
import type { ParamsFor } from './plugin-peer.js';

/** A call of a step that is to be made. Its params may depend on the process that will serve it, which is known late. */
export interface StepRequest<TMethod extends RequestMethod = RequestMethod> extends CallRequest {
  readonly method: TMethod;
  readonly params: ParamsFor;
}

/** What a remote step needs of a session. */
export interface StepCaller {
  readonly name: string;
  /** A number for the next snapshot of a context. */
  nextRevision(): number;
  /** Makes the call. What making its params throws is thrown; nothing has been sent then. */
  call<TMethod extends RequestMethod>(
    request: StepRequest<TMethod>,
    onStart?: (call: OngoingCall<unknown>) => void,
  ): Promise<RequestResult<TMethod>>;
}
