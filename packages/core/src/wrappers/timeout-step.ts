import type { BaseStepContext } from '../context/base-step-context.js';
import type { JsonObject } from '../json/json-value.js';
import { stepControl } from '../orchestrator/step-control.js';
import type { BaseStep } from '../step/base-step.js';
import { StepUsageError } from '../step/step-error.js';
import type { StepResult } from '../step/step-result.js';
import { WrapperStep } from './wrapper-step.js';

/**
 * Gives a step `timeoutMs` milliseconds. Then its signal is aborted, and the step fails with a `StepTimeoutError`, also
 * when it ends successfully after all; one that does not stop within its grace is given up. In a `RetryStep` the limit
 * holds for each attempt: `new RetryStep(new TimeoutStep(step, { timeoutMs }), …)`.
 */
export class TimeoutStep<
  TContext extends BaseStepContext = BaseStepContext,
  TUndo extends JsonObject = JsonObject,
> extends WrapperStep<TContext, TUndo> {
  readonly #timeoutMs: number;

  constructor(inner: BaseStep<TContext, TUndo>, { timeoutMs }: { readonly timeoutMs: number }) {
    super(inner);
    if (!(timeoutMs > 0)) {
      throw new StepUsageError(
        'invalid_step',
        `The time limit of '${inner.name}' is ${timeoutMs} ms. It must be above 0.`,
      );
    }
    this.#timeoutMs = timeoutMs;
    Object.assign(this, { cancelGraceMs: Infinity }); // the grace is the inner step's, and is minded in here
  }

  override execute(context: TContext): Promise<StepResult<TUndo>> {
    const control = stepControl(context, 'TimeoutStep');
    return control.execute(this.inner, { timeoutMs: this.#timeoutMs }) as Promise<StepResult<TUndo>>;
  }
}
