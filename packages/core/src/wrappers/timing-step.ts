import type { BaseStepContext } from '../context/base-step-context.js';
import type { JsonObject } from '../json/json-value.js';
import type { StepResult } from '../step/step-result.js';
import { WrapperStep } from './wrapper-step.js';

/**
 * Writes how long a step took into its result's data as `duration_seconds` (six decimals), unless the step wrote a value
 * of that name itself. The name gets the prefix `timed_`, as in the Python SDK.
 */
export class TimingStep<
  TContext extends BaseStepContext = BaseStepContext,
  TUndo extends JsonObject = JsonObject,
> extends WrapperStep<TContext, TUndo> {
  override get name(): string {
    return `timed_${this.inner.name}`;
  }

  override async execute(context: TContext): Promise<StepResult<TUndo>> {
    const startedMs = performance.now();
    const result = await this.inner.execute(context);
    const seconds = Math.round((performance.now() - startedMs) * 1000) / 1_000_000;
    result.data = { duration_seconds: seconds, ...result.data };
    return result;
  }
}
