import type { RequestMethod, RequestResult } from '../protocol/methods.js';
import type { CallRequest } from './pending-request.js';
import type { OngoingCall } from './plugin-connection.js';

/** What a remote step needs of a session. */
export interface StepCaller {
  readonly name: string;
  /** A number for the next snapshot of a context. */
  nextRevision(): number;
  call<TMethod extends RequestMethod>(
    request: CallRequest & { readonly method: TMethod },
    onStart?: (call: OngoingCall<unknown>) => void,
  ): Promise<RequestResult<TMethod>>;
}
