import { SynapseStepsError } from '@synapse-steps/core';

/** The command was used wrongly: nothing was started, and the exit code is 2. */
export class UsageError extends SynapseStepsError {
  constructor(message: string, options: { readonly cause?: unknown } = {}) {
    super({ code: 'wrong_use', message, ...options });
  }
}
