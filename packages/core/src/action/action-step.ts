import type { BaseStepContext } from '../context/base-step-context.js';
import { failedInside, stepControl } from '../orchestrator/step-control.js';
import type { RunReport } from '../report/run-report.js';
import type { StepRegistry } from '../registry/step-registry.js';
import { BaseStep } from '../step/base-step.js';
import { StepResult } from '../step/step-result.js';

/** An action whose params are checked and whose steps are known: ready to run. */
export interface PreparedAction<TContext extends BaseStepContext = BaseStepContext, TResult = unknown> {
  readonly name: string;
  readonly context: TContext;
  readonly registry: StepRegistry<TContext>;
  /** What the action returns after a run that succeeded. `warn` is told what of it does not fit the result schema. */
  readonly createResult: (report: RunReport, warn?: (text: string) => void) => Promise<TResult>;
}

export interface ActionStepOptions {
  /** Default: the action's name. */
  readonly name?: string;
  /** Default: the sum of the weights of its steps. */
  readonly progressWeight?: number;
}

/**
 * A whole action as one step. Its steps run inside it, named `action/step`, over the action's own context; each has its own
 * weight, events and undo. Its data is what the action returns.
 */
export class ActionStep extends BaseStep {
  readonly name: string;
  readonly progressWeight: number;
  declare readonly children: readonly BaseStep[];
  readonly #action: PreparedAction;

  constructor(action: PreparedAction, options: ActionStepOptions = {}) {
    super();
    this.#action = action;
    this.name = options.name ?? action.name;
    this.progressWeight = options.progressWeight ?? action.registry.totalWeight;
    const { context, registry } = action;
    // Each of its steps has its own grace; this one ends when the last of them has.
    Object.assign(this, { children: registry.getSteps(), childContext: context, cancelGraceMs: Infinity });
  }

  async execute(context: BaseStepContext): Promise<StepResult> {
    const control = stepControl(context, 'ActionStep');
    const { failure, data, report } = await control.runChildren(this.children, { concurrency: 1 });
    if (failure !== undefined) return failedInside(failure, data);
    return StepResult.ok({ data: toData(await this.#action.createResult(report())) });
  }
}

/** The data of a step that came to `value`. */
export function toData(value: unknown): Record<string, unknown> {
  if (value === undefined || value === null) return {};
  return typeof value === 'object' && !Array.isArray(value) ? { ...value } : { result: value };
}
