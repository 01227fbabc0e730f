import type { BaseStepContext } from '../context/base-step-context.js';
import { failedInside, stepControl } from '../orchestrator/step-control.js';
import { BaseStep } from '../step/base-step.js';
import { checkStep } from '../step/check-step.js';
import { StepUsageError } from '../step/step-error.js';
import { StepResult } from '../step/step-result.js';

export interface ParallelStepOptions {
  /** Default `parallel`. */
  readonly name?: string;
  /** Default: the sum of the children's weights. */
  readonly progressWeight?: number;
  /** How many run at a time. Default: all. */
  readonly concurrency?: number;
}

/**
 * Steps side by side, as one step. Each child has its own weight, events and undo and is named `parallel/child`; they are
 * undone in reverse order of their start. The first failure cancels the siblings.
 */
export class ParallelStep<TContext extends BaseStepContext = BaseStepContext> extends BaseStep<TContext> {
  readonly name: string;
  readonly progressWeight: number;
  declare readonly children: readonly BaseStep[];
  readonly #concurrency: number;

  constructor(children: readonly BaseStep<TContext>[], options: ParallelStepOptions = {}) {
    super();
    for (const child of children) checkStep(child);
    const { name = 'parallel', concurrency = Math.max(1, children.length) } = options;
    if (!Number.isInteger(concurrency) || concurrency < 1) {
      throw new StepUsageError(
        'invalid_step',
        `The step '${name}' has the concurrency ${String(concurrency)}. It is a whole number, 1 or more.`,
      );
    }
    this.name = name;
    this.progressWeight = options.progressWeight ?? children.reduce((sum, child) => sum + child.progressWeight, 0);
    this.#concurrency = concurrency;
    // Each child has its own grace; this step ends when the last of them has.
    Object.assign(this, { children: [...children], cancelGraceMs: Infinity });
  }

  async execute(context: TContext): Promise<StepResult> {
    const control = stepControl(context, 'ParallelStep');
    const { failure, data } = await control.runChildren(this.children, { concurrency: this.#concurrency });
    return failure === undefined ? StepResult.ok({ data }) : failedInside(failure, data);
  }
}
