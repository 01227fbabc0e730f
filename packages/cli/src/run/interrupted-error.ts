import { SynapseStepsError } from '@synapse-steps/core';

/** The cause of a run that a signal cancelled. */
export class InterruptedError extends SynapseStepsError {
  constructor(signal: string) {
    super({ code: CODE, message: signal === 'SIGINT' ? 'Ctrl-C' : signal });
  }
}

const CODE = 'interrupted';

/** Whether something was given up because a signal asked for that. */
export function isInterruption(error: unknown): boolean {
  return SynapseStepsError.is(error) && error.code === CODE;
}
