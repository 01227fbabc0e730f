import type { Id } from '@synapse-steps/backend/api';
import type { RunReport } from '@synapse-steps/core';

import type { TrainContext } from './train-context.js';

/** What a training resolves to. `TValue` is what `execute` returns. */
export interface TrainResult<TValue = unknown> {
  readonly success: boolean;
  readonly stepsExecuted: number;
  readonly stepsTotal: number;
  /** The id of the model that was registered, if one was. */
  readonly modelId?: Id;
  /** What `execute` returned; the data of the step `train` where that is a step of its own. */
  readonly value: TValue;
}

export function trainResult<TValue>(report: RunReport, context: TrainContext, value: TValue): TrainResult<TValue> {
  const { success, stepsExecuted, stepsTotal } = report;
  const modelId = context.model?.id;
  return { success, stepsExecuted, stepsTotal, ...(modelId !== undefined && { modelId }), value };
}
