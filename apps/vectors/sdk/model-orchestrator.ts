import type { Json } from '../cases/vector-file.js';
import { loggerOf, ModelLogger } from './model-logger.js';
import { ModelJobLogger } from './model-job-logger.js';
import type { ModelContext, ModelResult } from './model-context.js';
import type { ModelRegistry } from './model-registry.js';
import { ModelRun } from './model-run.js';
import { isResult, resultOf, type ModelAnswer, type ModelStep } from './model-step.js';
import { PythonError, pythonsOwn } from './python-error.js';
import { pythonTruth } from './python-text.js';
import type { StepName, World } from './world.js';

export interface ModelHooks {
  /** `null`: there is none. */
  readonly onProgress: ((percent: number) => void) | null;
  readonly beforeStep?: ((step: string) => void) | undefined;
}

interface Executed {
  readonly step: ModelStep;
  readonly order: number;
  /** Undefined: what it handed back was no result, and whoever looks at it fails. */
  readonly result: ModelResult | undefined;
  /** Ours: it said itself that it had nothing to do. */
  readonly skipped: boolean;
}

type Ending = 'next' | { readonly failed: string };

/** The SDK's Orchestrator; what ours does instead stands behind the rules. */
export class ModelOrchestrator {
  readonly #executed: Executed[] = [];
  readonly #world: World;
  #count = 0;
  #hasRun = false;
  #run: ModelRun | undefined;

  constructor(
    private readonly registry: ModelRegistry,
    private readonly context: ModelContext,
    private readonly hooks: ModelHooks,
  ) {
    this.#world = context.world;
  }

  execute(): Record<string, unknown> {
    if (this.#hasRun && this.#world.differs('runs-once')) {
      throw new PythonError(
        'RuntimeError',
        'An Orchestrator runs once. Make a new one, with a new context, to run again.',
      );
    }
    this.#hasRun = true;
    const { steps } = this.registry;
    const around = { current: this.context.current, run: this.context.run };
    this.#run = new ModelRun(
      steps.map(({ weight }) => weight),
      this.#world,
      (percent) => this.#callBack(percent),
    );
    this.context.run = this.#run;
    this.#prepareJob(steps);
    try {
      this.#forwards(steps);
    } finally {
      this.context.run = around.run;
      this.context.current = this.#world.differs('inner-run-restores') ? around.current : null;
      this.#setLoggerStep(null);
    }
    return { success: true, steps_executed: this.#count, steps_total: steps.length };
  }

  #forwards(steps: readonly ModelStep[]): void {
    for (const [order, step] of steps.entries()) {
      this.context.current = { name: step.name, order };
      this.#setLoggerStep(this.context.current);
      this.#run?.begin(step.name, step.weight);
      const ending = this.#runStep(step, order);
      if (ending === 'next') continue;
      this.#endStep(step, true);
      this.#rollBack();
      throw new PythonError(
        'RuntimeError',
        `Step '${step.name}' failed: ${ending.failed}`,
        this.#world.differs('first-cause'),
      );
    }
  }

  #runStep(step: ModelStep, order: number): Ending {
    const asked = this.#guarded(() => {
      this.hooks.beforeStep?.(step.name);
      return step.canSkip(this.context);
    });
    if ('failed' in asked) {
      this.context.results.push(failure(asked.failed));
      return { failed: asked.failed };
    }
    const { value: skip } = asked;
    if (this.#world.differs('js-truth') ? Boolean(skip) : pythonTruth(skip)) {
      this.context.results.push(resultOf({ skipped: true }));
      return this.#finish(step);
    }
    this.#beginClock(step);
    const executed = this.#guarded(() => step.execute(this.context), true);
    return this.#take({ step, order }, 'failed' in executed ? failure(executed.failed) : executed.value);
  }

  #take({ step, order }: { step: ModelStep; order: number }, answer: ModelAnswer): Ending {
    this.#count += 1;
    const result = isResult(answer) ? answer : this.#oddResult({ step, order }, answer.odd);
    const isSkipped = this.#world.differs('skipped-is-skipped') && result.success && result.skipped;
    this.context.results.push(result);
    this.#executed.push({ step, order, result, skipped: isSkipped });
    if (result.success) return this.#finish(step);
    const unsaid = this.#world.differs('first-cause') ? 'the step gave no reason' : 'None';
    return { failed: result.error ?? unsaid };
  }

  /** `execute` has given back something that is no result. */
  #oddResult({ step, order }: { step: ModelStep; order: number }, odd: Json | undefined): ModelResult {
    if (!this.#world.differs('nothing-escapes')) {
      this.context.results.push({ not_a_result: odd ?? null });
      this.#executed.push({ step, order, result: undefined, skipped: false });
      throw pythonsOwn();
    }
    const found = odd === undefined ? 'nothing' : odd === null ? 'null' : `a value of type ${typeof odd}`;
    return failure(`The step '${step.name}' returned ${found} instead of a StepResult.`);
  }

  #finish(step: ModelStep): Ending {
    this.#endStep(step, false);
    this.#run?.finish(step.weight, step.proportion);
    return 'next';
  }

  /** An exception becomes a failure: in the SDK only one of `execute`, and none that means exit. */
  #guarded<T>(action: () => T, isExecute = false): { readonly value: T } | { readonly failed: string } {
    try {
      return { value: action() };
    } catch (error) {
      if (!(error instanceof PythonError)) throw error;
      const isCaught = isExecute && !error.isExit;
      if (!isCaught && !this.#world.differs('nothing-escapes')) throw error;
      return { failed: error.message };
    }
  }

  #rollBack(): void {
    this.#run?.rollBack();
    for (const { step, order, result, skipped } of this.#executed.toReversed()) {
      if (skipped && Object.keys(result?.rollback_data ?? {}).length === 0) continue;
      if (this.#world.differs('step-being-undone')) {
        this.context.current = { name: step.name, order };
        this.#setLoggerStep(this.context.current);
      }
      if (!step.canUndo && this.#world.differs('nothing-to-undo')) continue;
      this.#undo(step, result);
    }
  }

  #undo(step: ModelStep, result: ModelResult | undefined): void {
    const tries = this.#world.differs('undo-tried-again') ? 3 : 1;
    for (let attempt = 1; ; attempt += 1) {
      const undone = this.#guardedUndo(() => {
        if (result === undefined) throw pythonsOwn();
        step.rollback(this.context, result);
      });
      if (undone === undefined) return;
      if (attempt < tries) continue;
      const text = this.#world.differs('undo-errors-kept') ? `: ${undone}` : '';
      this.context.errors.push(`Rollback failed for step '${step.name}'${text}`);
      return;
    }
  }

  #guardedUndo(undo: () => void): string | undefined {
    try {
      undo();
      return undefined;
    } catch (error) {
      if (!(error instanceof PythonError)) throw error;
      if (error.isExit && !this.#world.differs('nothing-escapes')) throw error;
      return error.message;
    }
  }

  #callBack(percent: number): void {
    try {
      if (this.hooks.onProgress === null) {
        if (this.#world.differs('observers-cannot-break') || this.#world.release === 'weighted') return;
        throw pythonsOwn('TypeError');
      }
      this.hooks.onProgress(percent);
    } catch (error) {
      if (!(error instanceof PythonError) || !this.#world.differs('observers-cannot-break')) throw error;
    }
  }

  /** The SDK tells the logger which step is running; ours puts it into each event. */
  #setLoggerStep(step: StepName | null): void {
    const { sink } = this.context;
    if (this.#world.differs('one-step-rule') || this.#world.release === 'weighted' || sink === null) return;
    const logger = loggerOf(sink, this.#world);
    if (sink === 'bare' && logger === undefined) return;
    logger?.setStep(step?.name ?? null, step?.order ?? null);
  }

  #beginClock(step: ModelStep): void {
    const { sink } = this.context;
    if (this.#world.differs('honest-remaining-time') && sink instanceof ModelLogger && !sink.isFinished)
      sink.begin(step.name);
  }

  #endStep(step: ModelStep, failed: boolean): void {
    const { sink } = this.context;
    if (sink instanceof ModelLogger) sink.onStepEnd(step.name, failed);
  }

  #prepareJob(steps: readonly ModelStep[]): void {
    const { sink } = this.context;
    if (!(sink instanceof ModelJobLogger)) return;
    const { progress } = sink;
    const isFree = Object.keys(progress.weights).length === 0 && !progress.hasBegun;
    const isOwn = this.#world.differs('own-order');
    for (const [order, { name }] of steps.entries()) {
      if (isOwn || (isFree && name in this.registry.shares)) progress.orders[name] = order;
    }
    if (!isFree) return;
    const weights = Object.fromEntries(steps.map(({ name, weight }) => [name, weight]));
    progress.setProportions(
      this.registry.shares,
      this.#world.differs('weights-are-shares') ? weights : this.registry.shares,
    );
  }
}

function failure(error: string): ModelResult {
  return resultOf({ success: false, error });
}
