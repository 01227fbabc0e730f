import type { BaseStepContext } from '../context/base-step-context.js';
import { BaseStep } from '../step/base-step.js';
import { StepResult } from '../step/step-result.js';

/** What a validator says: fine (`undefined` or `true`), or the reason why not. */
export type ValidationOutcome = string | true | undefined | void;

export interface ValidationStepOptions {
  /** Default `validate`. */
  readonly name?: string;
  /** Default 0.05. */
  readonly progressWeight?: number;
}

/** A step that only looks at the context and fails the run, with a reason, when it is not as it must be. */
export class ValidationStep<TContext extends BaseStepContext = BaseStepContext> extends BaseStep<TContext> {
  readonly name: string;
  readonly progressWeight: number;
  readonly #validate: (context: TContext) => ValidationOutcome | Promise<ValidationOutcome>;

  constructor(
    validate: (context: TContext) => ValidationOutcome | Promise<ValidationOutcome>,
    options: ValidationStepOptions = {},
  ) {
    super();
    this.name = options.name ?? 'validate';
    this.progressWeight = options.progressWeight ?? 0.05;
    this.#validate = validate;
  }

  async execute(context: TContext): Promise<StepResult> {
    const problem = await this.#validate(context);
    return typeof problem === 'string' ? StepResult.fail(problem) : StepResult.ok();
  }
}
