import type { BaseStepContext } from '../context/base-step-context.js';
import { BaseStep } from '../step/base-step.js';
import { StepUsageError } from '../step/step-error.js';
import { StepResult } from '../step/step-result.js';

/**
 * What a validator says: fine (`undefined` or `true`), the reason why not, or both as a pair `[ok, reason]`, as in the
 * Python SDK.
 */
export type ValidationOutcome = string | true | undefined | void | readonly [ok: boolean, reason?: string | null];

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
    const outcome: unknown = await this.#validate(context);
    if (outcome === undefined || outcome === null || outcome === true) return StepResult.ok();
    if (typeof outcome === 'string') return StepResult.fail(outcome);
    if (isPair(outcome)) return resultOfPair(outcome);
    throw new StepUsageError(
      'invalid_result',
      `The validator of '${this.name}' answered ${JSON.stringify(outcome)}. It must answer nothing or true, a reason, or a pair [ok, reason].`,
    );
  }
}

function isPair(outcome: unknown): outcome is readonly [unknown, unknown] {
  return Array.isArray(outcome) && outcome.length === 2;
}

function resultOfPair([ok, reason]: readonly [unknown, unknown]): StepResult {
  if (ok) return StepResult.ok();
  const error = reason === null || reason === undefined ? null : textOf(reason);
  return new StepResult({ success: false, error });
}

function textOf(reason: unknown): string {
  return typeof reason === 'string' ? reason : JSON.stringify(reason);
}
