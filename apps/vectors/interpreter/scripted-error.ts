import {
  errorMessage,
  StepFailedError,
  StepUsageError,
  SynapseStepsError,
  type StepUsageCode,
} from '@synapse-steps/core';
import { asText } from '../cases/only-item.js';
import type { Json } from '../cases/vector-file.js';

/** An error that a case asks for, by the name of its type in Python. Its text is what the case says. */
export class ScriptedError extends Error {
  constructor([type, ...texts]: readonly Json[]) {
    super(texts.map(String).join(', '));
    this.name = asText(type);
  }
}

/** `"raise:text"` throws; any other value is handed back. */
export function throwIfTold(script: Json, type = 'ValueError'): Json {
  if (typeof script === 'string' && script.startsWith('raise:')) throw new ScriptedError([type, script.slice(6)]);
  return script;
}

export interface Raised {
  readonly raised: { readonly type: string; readonly message: string; readonly chained: boolean };
}

/** An error as the vectors write it. */
export function describeError(error: unknown): Raised {
  const chained = error instanceof Error && error.cause !== undefined;
  return { raised: { type: typeOf(error), message: errorMessage(error), chained } };
}

/** Which of our codes stand for which of the SDK's own error types. */
const WRONG_KIND: readonly StepUsageCode[] = ['invalid_log', 'invalid_metrics', 'invalid_logger'];
const WRONG_TIME: readonly StepUsageCode[] = ['already_run', 'progress_started'];

function typeOf(error: unknown): string {
  if (StepFailedError.is(error)) return 'RuntimeError';
  if (SynapseStepsError.is(error)) {
    if (!(error instanceof StepUsageError)) return 'RuntimeError';
    if (WRONG_KIND.some((code) => code === error.code)) return 'TypeError';
    return WRONG_TIME.some((code) => code === error.code) ? 'RuntimeError' : 'ValueError';
  }
  return error instanceof Error ? error.name : 'Error';
}
