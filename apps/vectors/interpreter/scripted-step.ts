import {
  BaseStep,
  LoggingStep,
  StepResult,
  TimingStep,
  ValidationStep,
  type BaseStepContext,
  type SkipDecision,
  type StepResultFields,
  type ValidationOutcome,
} from '@synapse-steps/core';
import { asText } from '../cases/only-item.js';
import type { Action, Json, Outcome, StepSpec } from '../cases/vector-file.js';
import { ScriptedError, throwIfTold } from './scripted-error.js';
import type { Trace } from './trace.js';

/** Performs one action of the `do` language. */
type Perform = (action: Action, context: BaseStepContext) => Promise<void>;

export interface StepSurroundings {
  readonly trace: Trace;
  readonly perform: Perform;
}

/** The step of a spec, with its wrappers (outermost first). */
export function makeStep(spec: StepSpec, surroundings: StepSurroundings): BaseStep {
  const step = spec.validator === undefined ? new ScriptedStep(spec, surroundings) : makeValidation(spec, surroundings);
  return (spec.wrap ?? []).reduceRight<BaseStep>(
    (inner, wrapper) => (wrapper === 'logged' ? new LoggingStep(inner) : new TimingStep(inner)),
    step,
  );
}

/** A step that does what its JSON says and notes every call. */
class ScriptedStep extends BaseStep {
  readonly name: string;
  readonly progressWeight: number;
  readonly #spec: StepSpec;
  readonly #surroundings: StepSurroundings;
  #executions = 0;

  constructor(spec: StepSpec, surroundings: StepSurroundings) {
    super();
    this.name = asText(spec.name);
    this.progressWeight = spec.weight ?? 1;
    this.#spec = spec;
    this.#surroundings = surroundings;
  }

  override async canSkip(context: BaseStepContext): Promise<SkipDecision> {
    await this.#enter('can_skip', context);
    const script = this.#spec.can_skip ?? false;
    const isState = typeof script === 'object' && script !== null && !Array.isArray(script) && 'state' in script;
    // Whatever the case says is handed back as it is, also what the types forbid.
    return (isState ? this.#surroundings.trace.state[asText(script['state'])] : throwIfTold(script)) as SkipDecision;
  }

  async execute(context: BaseStepContext): Promise<StepResult> {
    await this.#enter('execute', context);
    const script = this.#spec.execute ?? { ok: {} };
    const outcome = Array.isArray(script) ? script[Math.min(this.#executions, script.length - 1)] : script;
    this.#executions += 1;
    return resultOf(outcome as Outcome);
  }

  override async rollback(context: BaseStepContext, result: StepResult): Promise<void> {
    this.#surroundings.trace.rollbacks.push({
      step: this.name,
      success: result.success,
      error: result.error,
      rollback_data: structuredClone(result.rollbackData),
    });
    await this.#enter('rollback', context);
    throwIfTold(this.#spec.rollback ?? 'ok');
  }

  async #enter(method: 'can_skip' | 'execute' | 'rollback', context: BaseStepContext): Promise<void> {
    const { trace, perform } = this.#surroundings;
    trace.enter(`${this.name}.${method}`, context);
    for (const action of this.#spec.do?.[method] ?? []) await perform(action, context);
  }
}

function resultOf(outcome: Outcome): StepResult {
  if ('raise' in outcome) throw new ScriptedError(outcome.raise);
  if ('ok' in outcome) return new StepResult({ success: true, ...fieldsOf(outcome.ok) });
  if ('fail' in outcome)
    return new StepResult({ success: false, ...fieldsOf(outcome.with ?? {}), error: outcome.fail });
  return ('none' in outcome ? undefined : outcome.value) as unknown as StepResult; // what is no result, on purpose
}

/** Python names to ours. */
function fieldsOf(fields: {
  readonly success?: boolean | undefined;
  readonly data?: Record<string, Json> | undefined;
  readonly rollback_data?: Record<string, Json> | undefined;
  readonly error?: string | null | undefined;
  readonly skipped?: boolean | undefined;
}): StepResultFields {
  const { rollback_data, ...others } = structuredClone(fields);
  return { ...others, ...(rollback_data !== undefined && { rollbackData: rollback_data }) } as StepResultFields;
}

function makeValidation({ validator = null, name, weight }: StepSpec, { trace }: StepSurroundings): BaseStep {
  const validate = (context: BaseStepContext): ValidationOutcome => {
    trace.enter('validator', context);
    return throwIfTold(validator) as ValidationOutcome;
  };
  return new ValidationStep(validate, {
    ...(name !== undefined && { name }),
    ...(weight !== undefined && { progressWeight: weight }),
  });
}
