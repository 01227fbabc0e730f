import { errorMessage, StepResult, WrapperStep, type BaseStep, type JsonObject } from '@synapse-steps/core';

import type { TrainContext } from '../train-context.js';
import { failureCode } from './failure-code.js';
import { shortText } from './short-text.js';

/** A step whose failure people are told of, by one message: that of whoever is nearest to it. */
export class TellingStep<TUndo extends JsonObject = JsonObject> extends WrapperStep<TrainContext, TUndo> {
  constructor(inner: BaseStep<TrainContext, TUndo>) {
    super(inner);
  }

  override async execute(context: TrainContext): Promise<StepResult<TUndo>> {
    try {
      const result = await this.inner.execute(context);
      if (StepResult.is(result) && !result.success) this.#tell(context, result.cause ?? result.error);
      return result;
    } catch (error) {
      this.#tell(context, error);
      throw error;
    }
  }

  #tell(context: TrainContext, error: unknown): void {
    // Whoever cancels knows it, and a step that may fail does not end the training.
    if (context.signal.aborted || context.userFailureMessageEmitted || this.optional) return;
    const values = { error: shortText(errorMessage(error)), failed_step: this.name, step: this.name, detail: '' };
    context.logMessage(failureCode(error), { values });
    context.markUserFailureEmitted();
  }
}
