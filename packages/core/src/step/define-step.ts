import type { BaseStepContext } from '../context/base-step-context.js';
import type { JsonObject } from '../json/json-value.js';
import { BaseStep, takeTraits, type SkipDecision, type StepTraits, type UndoResult } from './base-step.js';
import { checkCallable } from './check-step.js';
import type { StepResult } from './step-result.js';

export interface StepDefinition<TContext extends BaseStepContext, TUndo extends JsonObject> extends StepTraits {
  readonly name: string;
  /** Default 1. */
  readonly progressWeight?: number;
  execute(context: TContext): StepResult<TUndo> | Promise<StepResult<TUndo>>;
  canSkip?(context: TContext): SkipDecision | Promise<SkipDecision>;
  rollback?(context: TContext, result: StepResult<TUndo>): UndoResult | void | Promise<UndoResult | void>;
}

/**
 * A step from a literal, for those who prefer that to a class.
 *
 * @example
 * registry.register(defineStep({ name: 'hello', execute: () => StepResult.ok() }));
 */
export function defineStep<TContext extends BaseStepContext, TUndo extends JsonObject = JsonObject>(
  definition: StepDefinition<TContext, TUndo>,
): BaseStep<TContext, TUndo> {
  return new DefinedStep(definition);
}

class DefinedStep<TContext extends BaseStepContext, TUndo extends JsonObject> extends BaseStep<TContext, TUndo> {
  readonly name: string;
  readonly progressWeight: number;
  readonly #definition: StepDefinition<TContext, TUndo>;

  constructor(definition: StepDefinition<TContext, TUndo>) {
    super();
    checkCallable(definition, definition.name);
    this.name = definition.name;
    this.progressWeight = definition.progressWeight ?? 1;
    this.#definition = definition;
    takeTraits(this, definition);
  }

  override get hasRollback(): boolean {
    return this.#definition.rollback !== undefined;
  }

  execute(context: TContext): StepResult<TUndo> | Promise<StepResult<TUndo>> {
    return this.#definition.execute(context);
  }

  override canSkip(context: TContext): SkipDecision | Promise<SkipDecision> {
    return this.#definition.canSkip?.(context) ?? false;
  }

  override rollback(context: TContext, result: StepResult<TUndo>): UndoResult | void | Promise<UndoResult | void> {
    return this.#definition.rollback?.(context, result);
  }
}
