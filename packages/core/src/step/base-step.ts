import type { BaseStepContext } from '../context/base-step-context.js';
import type { JsonObject } from '../json/json-value.js';
import type { StepResult } from './step-result.js';

const BRAND = Symbol.for('synapse-steps.step');

/** What a step may declare about itself. */
export interface StepTraits {
  /** For people; the name otherwise. */
  readonly title?: string | undefined;
  /** The effect cannot be taken back: its outcome is reported as `irreversible`. Default false. */
  readonly irreversible?: boolean | undefined;
  /** Once completed, nothing before it is undone any more. Default false. */
  readonly pivot?: boolean | undefined;
  /** A failure undoes this step and the run goes on. Default false. */
  readonly optional?: boolean | undefined;
  /** False: `rollback` is not called when this very step failed. Default true. */
  readonly rollbackOwnFailure?: boolean | undefined;
  /** How long the step may go on after a cancel before it is given up, in milliseconds. Default 5000. */
  readonly cancelGraceMs?: number | undefined;
  /**
   * What a resumed run does with this step when its host stopped in the middle of it. `undo-then-retry` (default): undo what
   * was saved, then start it again. `retry`: enter `execute` again, without asking `canSkip`; for a step that may be
   * repeated. `hold` (default of a pivot): wait for an operator.
   */
  readonly onInterrupt?: 'undo-then-retry' | 'retry' | 'hold' | undefined;
  /** The step's own parameters, seen as `context.stepParams`. */
  readonly stepParams?: JsonObject | undefined;
  /** The step runs in another process, which gets a copy of the context. Default false. */
  readonly remote?: boolean | undefined;
  /** The steps inside this one, where they are known beforehand. */
  readonly children?: readonly BaseStep[] | undefined;
  /** The context of the steps inside this one, where it is not the context of this step. */
  readonly childContext?: BaseStepContext | undefined;
}

/** True or a text (the reason) skips the step. */
export type SkipDecision = boolean | string;

const TRAITS = [
  'title',
  'irreversible',
  'pivot',
  'optional',
  'rollbackOwnFailure',
  'cancelGraceMs',
  'onInterrupt',
  'stepParams',
  'remote',
  'children',
  'childContext',
] as const satisfies (keyof StepTraits)[];

/** Gives a step the traits that another one declares, or whoever describes it, without the rest of that. */
export function takeTraits(step: BaseStep, declared: StepTraits): void {
  const traits: Record<string, unknown> = step as { -readonly [TTrait in keyof StepTraits]: StepTraits[TTrait] };
  for (const trait of TRAITS) {
    const value = declared[trait];
    if (value !== undefined) traits[trait] = value;
  }
}

/** What a `rollback` may return: texts that name what it could not remove. */
export interface UndoResult {
  readonly leftBehind?: readonly string[];
}

/**
 * One unit of work of a workflow. `TContext` is the state that the steps of a run share, `TUndo` the shape of the step's
 * undo data.
 *
 * A step that has no `rollback` of its own has nothing to undo.
 */
export abstract class BaseStep<
  TContext extends BaseStepContext = BaseStepContext,
  TUndo extends JsonObject = JsonObject,
> implements StepTraits {
  declare readonly title?: string | undefined;
  declare readonly irreversible?: boolean | undefined;
  declare readonly pivot?: boolean | undefined;
  declare readonly optional?: boolean | undefined;
  declare readonly rollbackOwnFailure?: boolean | undefined;
  declare readonly cancelGraceMs?: number | undefined;
  declare readonly onInterrupt?: StepTraits['onInterrupt'];
  declare readonly stepParams?: JsonObject | undefined;
  declare readonly remote?: boolean | undefined;
  declare readonly children?: readonly BaseStep[] | undefined;
  declare readonly childContext?: BaseStepContext | undefined;

  /** Unique in a registry; must not hold a `/`. */
  abstract readonly name: string;
  /** Its share of the run's progress: ≥ 0, relative to the other steps' weights (they need not sum to 1). */
  abstract readonly progressWeight: number;
  /** @internal */
  readonly [BRAND] = true;

  /** Does the work. Throw, or return `StepResult.fail(…)`, to fail. */
  abstract execute(context: TContext): StepResult<TUndo> | Promise<StepResult<TUndo>>;

  /** Asked before `execute`; must change nothing. */
  canSkip(_context: TContext): SkipDecision | Promise<SkipDecision> {
    return false;
  }

  /**
   * Takes the effect back. Called for a step that completed, failed half-way or was lost, also when it had saved nothing;
   * may be called again when it fails, so it must be idempotent.
   */
  rollback(_context: TContext, _result: StepResult<TUndo>): UndoResult | void | Promise<UndoResult | void> {}

  /** Whether this step has a `rollback` of its own. */
  get hasRollback(): boolean {
    return this.rollback !== BaseStep.prototype.rollback;
  }

  /** Recognises the steps of any copy of this package. */
  static is(value: unknown): value is BaseStep {
    return typeof value === 'object' && value !== null && BRAND in value;
  }
}
