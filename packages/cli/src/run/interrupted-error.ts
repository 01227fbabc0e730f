import { SynapseStepsError } from '@synapse-steps/core';

/** The cause of a run that a signal cancelled. */
export class InterruptedError extends SynapseStepsError {
  constructor(signal: string) {
    super({ code: 'interrupted', message: signal === 'SIGINT' ? 'Ctrl-C' : signal });
  }
}
