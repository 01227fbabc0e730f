import type { BaseStepContext } from '../context/base-step-context.js';
import type { JsonObject } from '../json/json-value.js';
import { BaseStep, takeTraits, type SkipDecision, type UndoResult } from '../step/base-step.js';
import { checkIsStep } from '../step/check-step.js';
import type { StepResult } from '../step/step-result.js';

/** A step around a step, and like it in everything that a subclass does not override. */
export abstract class WrapperStep<
  TContext extends BaseStepContext = BaseStepContext,
  TUndo extends JsonObject = JsonObject,
> extends BaseStep<TContext, TUndo> {
  readonly inner: BaseStep<TContext, TUndo>;

  constructor(inner: BaseStep<TContext, TUndo>) {
    super();
    checkIsStep(inner);
    this.inner = inner;
    takeTraits(this, inner);
  }

  get name(): string {
    return this.inner.name;
  }

  get progressWeight(): number {
    return this.inner.progressWeight;
  }

  override get hasRollback(): boolean {
    return this.inner.hasRollback;
  }

  execute(context: TContext): StepResult<TUndo> | Promise<StepResult<TUndo>> {
    return this.inner.execute(context);
  }

  override canSkip(context: TContext): SkipDecision | Promise<SkipDecision> {
    return this.inner.canSkip(context);
  }

  override rollback(context: TContext, result: StepResult<TUndo>): UndoResult | void | Promise<UndoResult | void> {
    return this.inner.rollback(context, result);
  }
}
