import type { BaseStepContext } from '../context/base-step-context.js';
import { STEP_CALL } from '../context/step-call.js';
import { errorMessage } from '../errors/error-record.js';
import type { JsonObject } from '../json/json-value.js';
import { roundHalfEven, secondsBetween } from '../loggers/round-half-even.js';
import { systemClock } from '../orchestrator/clock.js';
import { StepResult } from '../step/step-result.js';
import { WrapperStep } from './wrapper-step.js';

/**
 * Writes how long a step took into its result's data as `duration_seconds` (six decimals), unless the step wrote a value
 * of that name itself. A step that throws becomes a failed result, so that its duration is told too; the error is its
 * cause. The name gets the prefix `timed_`, as in the Python SDK.
 */
export class TimingStep<
  TContext extends BaseStepContext = BaseStepContext,
  TUndo extends JsonObject = JsonObject,
> extends WrapperStep<TContext, TUndo> {
  override get name(): string {
    return `timed_${this.inner.name}`;
  }

  override async execute(context: TContext): Promise<StepResult<TUndo>> {
    const clock = context[STEP_CALL]?.clock ?? systemClock;
    const startedMs = clock.now();
    const result = await this.#executeInner(context);
    if (!StepResult.is(result)) return result;
    const seconds = roundHalfEven(secondsBetween(startedMs, clock.now()), 6);
    result.data = { duration_seconds: seconds, ...result.data };
    return result;
  }

  async #executeInner(context: TContext): Promise<StepResult<TUndo>> {
    try {
      return await this.inner.execute(context);
    } catch (error) {
      return new StepResult<TUndo>({ success: false, error: errorMessage(error), cause: error });
    }
  }
}
