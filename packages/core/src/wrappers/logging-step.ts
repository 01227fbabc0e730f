import type { BaseStepContext } from '../context/base-step-context.js';
import { STEP_CALL } from '../context/step-call.js';
import { errorMessage } from '../errors/error-record.js';
import type { JsonObject } from '../json/json-value.js';
import { roundHalfEven, secondsBetween } from '../loggers/round-half-even.js';
import { systemClock, type Clock } from '../orchestrator/clock.js';
import type { UndoResult } from '../step/base-step.js';
import { StepResult } from '../step/step-result.js';
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
    const clock = context[STEP_CALL]?.clock ?? systemClock;
    const startedMs = clock.now();
    context.log('step_start', { step });
    try {
      const result = await this.inner.execute(context);
      const { success, skipped } = StepResult.is(result) ? result : { success: false, skipped: false };
      context.log('step_end', { step, elapsed: secondsSince(clock, startedMs), success, skipped });
      return result;
    } catch (error) {
      const elapsed = secondsSince(clock, startedMs);
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
function secondsSince(clock: Clock, startedMs: number): number {
  return roundHalfEven(secondsBetween(startedMs, clock.now()), 3);
}
