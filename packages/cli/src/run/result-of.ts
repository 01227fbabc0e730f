import { errorMessage, type RunReport } from '@synapse-steps/core';
import type { RunOutcome } from '../views/view.js';
import type { Loaded } from './load-target.js';

/** What an action returns after its steps have succeeded; where that cannot be made, why. */
export async function resultOf(
  { name, createResult }: Loaded,
  report: RunReport,
  warn: (text: string) => void,
): Promise<Pick<RunOutcome, 'result' | 'failure'>> {
  if (createResult === undefined) return { failure: undefined };
  try {
    return { result: await createResult(report, warn), failure: undefined };
  } catch (error) {
    return {
      failure: `The steps of ${name} succeeded and stay done, but its result cannot be made: ${errorMessage(error)}`,
    };
  }
}
