import { errorMessage, SynapseStepsError, type RunReport } from '@synapse-steps/core';

const CODE = 'stray_error';

/** The cause of a run that was stopped by an error that no step waited for. */
export class StrayError extends SynapseStepsError {
  /** @param where Where the run stood, as in `while step 'fit' was running`. */
  constructor(cause: unknown, where: string) {
    super({ code: CODE, message: `An error outside of any step's promise, ${where}: ${errorMessage(cause)}`, cause });
  }
}

/** What a run was stopped by, when that was a {@link StrayError}: for its steps that is a cancel, for people a failure. */
export function strayMessage({ error }: RunReport): string | undefined {
  return error?.code === 'run_cancelled' && error.cause?.code === CODE ? error.cause.message : undefined;
}

/** Whether somebody wanted the run to stop. */
export function isCancelled(report: RunReport): boolean {
  return report.error?.code === 'run_cancelled' && strayMessage(report) === undefined;
}
