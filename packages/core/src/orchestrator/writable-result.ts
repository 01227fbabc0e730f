import type { StepResult } from '../step/step-result.js';

/** The orchestrator writes status and undo data into a step's result: a frozen one is copied for that. */
export function writableResult(result: StepResult): StepResult {
  if (!Object.isFrozen(result)) return result;
  return Object.assign(Object.create(Object.getPrototypeOf(result) as object) as StepResult, result);
}
