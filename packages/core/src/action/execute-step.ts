import type { BaseStepContext } from '../context/base-step-context.js';
import type { RunReport } from '../report/run-report.js';
import { BaseStep, type UndoResult } from '../step/base-step.js';
import { StepResult } from '../step/step-result.js';
import { toData } from './action-step.js';

/** What an action that has no steps does itself. */
interface Executor<TContext extends BaseStepContext> {
  execute(...context: never[]): unknown;
  rollback(context: TContext, result: StepResult): UndoResult | void | Promise<UndoResult | void>;
}

/** An action's own `execute` as the one step of its run. */
export class ExecuteStep<TContext extends BaseStepContext> extends BaseStep<TContext> {
  readonly name = 'execute';
  readonly progressWeight = 1;
  readonly #action: Executor<TContext>;
  readonly #isUndoable: boolean;
  #returned: { readonly value: unknown } | undefined;

  constructor(action: Executor<TContext>, { hasRollback }: { readonly hasRollback: boolean }) {
    super();
    this.#action = action;
    this.#isUndoable = hasRollback;
  }

  override get hasRollback(): boolean {
    return this.#isUndoable;
  }

  async execute(context: TContext): Promise<StepResult> {
    const value = await this.#action.execute(context as never);
    if (StepResult.is(value)) return value; // it says itself how it ended
    this.#returned = { value };
    return StepResult.ok({ data: toData(value) });
  }

  override rollback(context: TContext, result: StepResult): UndoResult | void | Promise<UndoResult | void> {
    return this.#action.rollback(context, result);
  }

  /** What `execute` returned; when another process ran it, what the report holds of that. */
  valueIn(report: RunReport): unknown {
    return this.#returned ? this.#returned.value : report.steps[0]?.data;
  }
}
