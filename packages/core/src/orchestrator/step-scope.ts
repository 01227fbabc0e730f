import type { BaseStepContext } from '../context/base-step-context.js';
import { compensatedSum } from '../progress/compensated-sum.js';
import { WeightedProgress } from '../progress/weighted-progress.js';
import { newStepRecord, type StepRecord } from '../report/step-record.js';
import type { JsonObject } from '../json/json-value.js';
import type { BaseStep } from '../step/base-step.js';
import type { StepResult } from '../step/step-result.js';
import { Cancellation } from './cancellation.js';
import { childNames } from './child-names.js';
import type { Run } from './run.js';

/** A step of a run and what has become of it. */
export interface RunStep {
  readonly step: BaseStep;
  readonly record: StepRecord;
  readonly scope: StepScope;
  /** What `execute` came to; handed to `rollback`. */
  result: StepResult | undefined;
  /** The undo data that came with the result, after what was saved. */
  returnedUndoData: JsonObject | undefined;
  startedMs: number | undefined;
  /** Why undo data that it wanted to save is not safe. */
  failedSave: { readonly error: unknown } | undefined;
  /** It was given up and may still be at work. */
  isUnsettled: boolean;
  /** The steps inside this one. */
  children: StepScope | undefined;
}

export interface StepScopeOptions {
  readonly run: Run;
  /** The step that these are inside; undefined for the steps of the registry. */
  readonly parent: RunStep | undefined;
  /** The same steps in the attempt before; their counts go on. */
  readonly before?: StepScope | undefined;
}

/** Steps that run together, with weights of their own: those of the registry, or those inside a step. */
export class StepScope {
  readonly run: Run;
  readonly cancellation: Cancellation;
  readonly parent: RunStep | undefined;
  readonly steps: readonly RunStep[];
  readonly context: BaseStepContext;
  /** The path of the step that brought the context; undefined for that of the run. */
  readonly contextOf: string | undefined;
  readonly progress: WeightedProgress;
  /** Set once these steps have been run; a further attempt needs a scope of its own. */
  isUsed = false;

  constructor(steps: readonly BaseStep[], { run, parent, before }: StepScopeOptions) {
    this.run = run;
    this.cancellation = new Cancellation(run.clock);
    this.parent = parent;
    this.context = parent ? (parent.step.childContext ?? parent.scope.context) : run.context;
    this.contextOf = parent?.step.childContext ? parent.record.name : parent?.scope.contextOf;
    const names = parent
      ? childNames(steps).map((name) => `${parent.record.name}/${name}`)
      : steps.map((step) => step.name);
    this.steps = steps.map((step, index) => {
      const record = newStepRecord(names[index] ?? step.name, step.progressWeight);
      return newRunStep(step, before?.steps[index]?.record ?? record, this);
    });
    this.progress = new WeightedProgress(compensatedSum(this.steps.map(({ record }) => record.weight)), steps.length);
  }

  /** Whether these are the steps of a registry: the run's, or that of a step with a context for those inside it. */
  get ownsContext(): boolean {
    return this.parent === undefined || this.parent.step.childContext !== undefined;
  }

  /** Counts a step as done. */
  finish({ record }: RunStep): void {
    this.progress.finish(record.weight);
  }

  /** The running step is at `fraction` of its own work. */
  advance({ record }: RunStep, fraction: number): void {
    this.progress.advance(record.weight, fraction);
    this.tellProgress(false);
  }

  /** Children move their parent; the steps of the registry move the run. */
  tellProgress(always: boolean): void {
    if (!this.progress.isMeasured) return;
    if (this.parent) this.parent.scope.advance(this.parent, this.progress.fraction);
    else this.run.tellProgress(this.progress, always);
  }
}

function newRunStep(step: BaseStep, record: StepRecord, scope: StepScope): RunStep {
  const entry: RunStep = {
    step,
    record,
    scope,
    result: undefined,
    returnedUndoData: undefined,
    startedMs: undefined,
    failedSave: undefined,
    isUnsettled: false,
    children: undefined,
  };
  if (step.children) entry.children = new StepScope(step.children, { run: scope.run, parent: entry });
  return entry;
}
