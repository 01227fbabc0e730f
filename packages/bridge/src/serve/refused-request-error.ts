import { SynapseStepsError } from '@synapse-steps/core';
import type { WireErrorKind } from '../protocol/error-kinds.js';

/** A refusal that is told to the host as an error of the protocol, with what else its `data` says. */
export class RefusedRequestError extends SynapseStepsError {
  readonly data: Readonly<Record<string, unknown>>;

  constructor(kind: WireErrorKind, message: string, data: Readonly<Record<string, unknown>> = {}) {
    super({ code: kind, message });
    this.data = data;
  }
}
