import type { BaseStepContext } from '../context/base-step-context.js';
import { errorMessage } from '../errors/error-record.js';
import { SynapseStepsError } from '../errors/synapse-steps-error.js';
import type { JsonObject } from '../json/json-value.js';
import { stepControl, type StepControl } from '../orchestrator/step-control.js';
import type { BaseStep } from '../step/base-step.js';
import { StepUsageError } from '../step/step-error.js';
import { StepResult } from '../step/step-result.js';
import { WrapperStep } from './wrapper-step.js';

export interface RetryStepOptions {
  /** How often the step is tried at most, the first time included. Default 3. */
  readonly attempts?: number;
  /** The pause before the second attempt; it doubles with each further one. Milliseconds, default 200. */
  readonly delayMs?: number;
  /** No pause is longer. Milliseconds, default 30 000. */
  readonly maxDelayMs?: number;
  /** How much of the pause is left to chance, 0 … 1, so that many do not come back at once. Default 0.5. */
  readonly jitter?: number;
  /** Whether an error is worth another attempt. Default: all but those that say `retryable: false`. */
  readonly retryOn?: (error: unknown, attempt: number) => boolean;
  /** Where the chance comes from: 0 ≤ x < 1. Default `Math.random`; a test hands over a seeded one. */
  readonly random?: () => number;
}

/**
 * Tries a step again when it fails. What a failed attempt did is undone before the next one begins; when that undo fails,
 * or the attempt has not settled, there is no further attempt.
 */
export class RetryStep<
  TContext extends BaseStepContext = BaseStepContext,
  TUndo extends JsonObject = JsonObject,
> extends WrapperStep<TContext, TUndo> {
  readonly #options: Required<RetryStepOptions>;

  constructor(inner: BaseStep<TContext, TUndo>, options: RetryStepOptions = {}) {
    super(inner);
    this.#options = { ...DEFAULTS, ...options };
    checkOptions(inner.name, this.#options);
    Object.assign(this, { cancelGraceMs: Infinity }); // the grace is the inner step's; an undo between attempts has none
  }

  override async execute(context: TContext): Promise<StepResult<TUndo>> {
    const control = stepControl(context, 'RetryStep');
    for (let attempt = 1; ; attempt += 1) {
      const tried = await tryOnce<TUndo>(control, this.inner);
      if (!('error' in tried)) return tried.result;
      const again =
        attempt < this.#options.attempts && !context.signal.aborted && this.#isWorthIt(context, tried.error, attempt);
      const delayMs = this.#delayBefore(attempt + 1);
      if (!again || !(await control.nextAttempt(this.inner, { ...tried, delayMs }))) {
        if (tried.result) return tried.result;
        throw tried.error;
      }
    }
  }

  #isWorthIt(context: TContext, error: unknown, attempt: number): boolean {
    try {
      return this.#options.retryOn(error, attempt);
    } catch (ruleError) {
      // The step's failure is the news; that the rule about it failed as well must not take its place.
      context.logMessage(`retryOn failed, so there is no further attempt: ${errorMessage(ruleError)}`, 'warning');
      return false;
    }
  }

  #delayBefore(attempt: number): number {
    const { delayMs, maxDelayMs, jitter, random } = this.#options;
    const full = Math.min(maxDelayMs, delayMs * 2 ** (attempt - 2));
    return Math.round(full * (1 - jitter * random()));
  }
}

const DEFAULTS: Required<RetryStepOptions> = {
  attempts: 3,
  delayMs: 200,
  maxDelayMs: 30_000,
  jitter: 0.5,
  retryOn: (error) => !SynapseStepsError.is(error) || error.retryable,
  random: Math.random,
};

function checkOptions(step: string, { attempts, jitter, delayMs, maxDelayMs }: Required<RetryStepOptions>): void {
  const problems = [
    ...(Number.isInteger(attempts) && attempts >= 1 ? [] : [`attempts is ${attempts}, not a whole number ≥ 1`]),
    ...(jitter >= 0 && jitter <= 1 ? [] : [`jitter is ${jitter}, not 0 … 1`]),
    ...(delayMs >= 0 ? [] : [`delayMs is ${delayMs}, not ≥ 0`]),
    ...(maxDelayMs >= 0 ? [] : [`maxDelayMs is ${maxDelayMs}, not ≥ 0`]),
  ];
  if (problems.length > 0) throw new StepUsageError('invalid_step', `The retry of '${step}': ${problems.join('; ')}.`);
}

type Tried<TUndo extends JsonObject> =
  | { readonly result: StepResult<TUndo> }
  | { readonly result: StepResult<TUndo> | undefined; readonly error: unknown };

async function tryOnce<TUndo extends JsonObject>(control: StepControl, step: BaseStep): Promise<Tried<TUndo>> {
  try {
    const result = (await control.execute(step, {})) as StepResult<TUndo>;
    if (!StepResult.is(result) || result.success) return { result };
    return { result, error: result.cause ?? new Error(result.error ?? 'the step gave no reason') };
  } catch (error) {
    return { result: undefined, error };
  }
}
