import type { BaseStepContext } from '../context/base-step-context.js';
import { errorMessage } from '../errors/error-record.js';
import type { JsonObject } from '../json/json-value.js';
import type { UndoResult } from '../step/base-step.js';
import type { StepResult } from '../step/step-result.js';
import { WrapperStep } from './wrapper-step.js';

/**
 * Logs the events `step_start`, `step_end` and `step_rollback` around a step, with the inner step's name. The name gets
 * the prefix `logged_`, as in the Python SDK. A step that throws is logged too: as `step_end` with `success: false`.
 */
export class LoggingStep<
  TContext extends BaseStepContext = BaseStepContext,
  TUndo extends JsonObject = JsonObject,
> extends WrapperStep<TContext, TUndo> {
  override get name(): string {
    return `logged_${this.inner.name}`;
  }

  override async execute(context: TContext): Promise<StepResult<TUndo>> {
    const step = this.inner.name;
    const startedMs = performance.now();
    context.log('step_start', { step });
    try {
      const result = await this.inner.execute(context);
      context.log('step_end', {
        step,
        elapsed: secondsSince(startedMs),
        success: result.success,
        skipped: result.skipped,
      });
      return result;
    } catch (error) {
      const elapsed = secondsSince(startedMs);
      context.log('step_end', { step, elapsed, success: false, skipped: false, error: errorMessage(error) }, 'error');
      throw error;
    }
  }

  override rollback(context: TContext, result: StepResult<TUndo>): UndoResult | void | Promise<UndoResult | void> {
    context.log('step_rollback', { step: this.inner.name });
    return this.inner.rollback(context, result);
  }
}

/** Seconds with three decimals. */
function secondsSince(startedMs: number): number {
  return Math.round(performance.now() - startedMs) / 1000;
}
