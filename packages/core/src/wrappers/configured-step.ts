import type { BaseStepContext } from '../context/base-step-context.js';
import type { JsonObject } from '../json/json-value.js';
import { type BaseStep, takeTraits, type StepTraits } from '../step/base-step.js';
import { WrapperStep } from './wrapper-step.js';

/** What is to be said about a step that it does not say itself. */
export interface StepConfiguration extends Omit<StepTraits, 'stepParams' | 'children' | 'childContext'> {
  readonly name?: string;
  readonly weight?: number;
  /** Seen by the step as `context.stepParams`. */
  readonly params?: JsonObject;
}

/**
 * The same step under another name or weight, with its own parameters or other traits: what a workflow file says about a
 * step.
 *
 * @example
 * registry.register(new ConfiguredStep(new PublishStep(), { pivot: true }));
 */
export class ConfiguredStep<
  TContext extends BaseStepContext = BaseStepContext,
  TUndo extends JsonObject = JsonObject,
> extends WrapperStep<TContext, TUndo> {
  readonly #configuration: StepConfiguration;

  constructor(inner: BaseStep<TContext, TUndo>, configuration: StepConfiguration) {
    super(inner);
    this.#configuration = configuration;
    takeTraits(this, configuration);
    if (configuration.params !== undefined) takeTraits(this, { stepParams: configuration.params });
  }

  override get name(): string {
    return this.#configuration.name ?? this.inner.name;
  }

  override get progressWeight(): number {
    return this.#configuration.weight ?? this.inner.progressWeight;
  }
}
