import type { BaseStepContext } from '../context/base-step-context.js';
import type { JsonObject } from '../json/json-value.js';
import type { BaseStep } from '../step/base-step.js';
import { WrapperStep } from './wrapper-step.js';

export interface StepConfiguration {
  readonly name?: string;
  readonly weight?: number;
  /** A failure undoes the step and the run goes on. */
  readonly optional?: boolean;
  /** Seen by the step as `context.stepParams`. */
  readonly params?: JsonObject;
}

/** The same step under another name or weight, with its own parameters: what a workflow file says about a step. */
export class ConfiguredStep<
  TContext extends BaseStepContext = BaseStepContext,
  TUndo extends JsonObject = JsonObject,
> extends WrapperStep<TContext, TUndo> {
  readonly #configuration: StepConfiguration;

  constructor(inner: BaseStep<TContext, TUndo>, configuration: StepConfiguration) {
    super(inner);
    this.#configuration = configuration;
    const { optional = inner.optional, params = inner.stepParams } = configuration;
    Object.assign(this, { optional, stepParams: params });
  }

  override get name(): string {
    return this.#configuration.name ?? this.inner.name;
  }

  override get progressWeight(): number {
    return this.#configuration.weight ?? this.inner.progressWeight;
  }
}
