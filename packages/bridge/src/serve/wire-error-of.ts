import { errorMessage, SynapseStepsError } from '@synapse-steps/core';
import { isWireErrorKind, wireErrorCode, type WireErrorKind } from '../protocol/error-kinds.js';
import type { WireError } from '../protocol/frame.js';
import { RefusedRequestError } from './refused-request-error.js';

/** An error of the protocol, with the chain of causes of what was thrown. */
export function wireErrorOf(
  kind: WireErrorKind,
  thrown: unknown,
  more: Partial<NonNullable<WireError['data']>> = {},
): WireError {
  const pointer = SynapseStepsError.is(thrown) ? thrown.details?.['pointer'] : undefined;
  return {
    code: wireErrorCode(kind),
    message: errorMessage(thrown),
    data: { kind, cause: chainOf(thrown), ...(typeof pointer === 'string' && { pointer }), ...more },
  };
}

/** Why a request was not carried out: a refusal by what it says itself, anything else as a fault of this program. */
export function wireErrorOfRequest(thrown: unknown): WireError {
  const kind = SynapseStepsError.is(thrown) && isWireErrorKind(thrown.code) ? thrown.code : 'internal_error';
  return wireErrorOf(kind, thrown, thrown instanceof RefusedRequestError ? thrown.data : {});
}

/**
 * The answer of a call that the host cancelled: it says why the host wanted that. What the step threw on its way out is
 * no result of it, and stands among the causes, unless it is only the cancel itself.
 */
export function cancelledError(
  { reason }: AbortSignal,
  thrown: unknown,
  more: Partial<NonNullable<WireError['data']>> = {},
): WireError {
  const cause = thrown === reason || isAbort(thrown) ? [] : chainOf(thrown);
  return wireErrorOf('cancelled', reason, { ...more, cause });
}

/** What timers, streams and `fetch` reject with when their signal is aborted. */
function isAbort(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.name === 'AbortError';
}

function chainOf(thrown: unknown): { name: string; message: string; stack: string[] }[] {
  const chain: { name: string; message: string; stack: string[] }[] = [];
  let link = thrown;
  while (link instanceof Error && chain.length < LONGEST_CHAIN) {
    chain.push({ name: link.name, message: link.message, stack: (link.stack ?? '').split('\n') });
    link = link.cause;
  }
  return chain;
}

const LONGEST_CHAIN = 8;
