import { STEP_CALL, type BaseStepContext, type JsonObject, type StepCall, type StepLog } from '@synapse-steps/core';

/** What becomes of what a plugin's step says while it runs inside another step. */
export interface PluginRunEars {
  /** Keeps undo data. Resolves once they are safe. */
  saveUndo(data: JsonObject): Promise<void>;
  /** Hears of measured values; may refuse them by throwing. They go on to the run all the same. */
  onMetrics(metrics: Record<string, unknown>, category: string | undefined): void;
  /** What is logged instead. */
  onLog(entry: StepLog): StepLog;
}

export interface PluginRunCallOptions {
  readonly stepParams: JsonObject;
  /** What tells this run from others inside the same step. */
  readonly key: string;
  readonly ears: PluginRunEars;
  /** Aborted when the step around it ends. */
  readonly stop?: AbortSignal;
}

/** The call of a step, lent to a step of a plugin: it speaks for the same step of the run, with params of its own. */
export class PluginRunCall implements StepCall {
  readonly stepParams: JsonObject;
  readonly idempotencyKey: string;
  readonly signal: AbortSignal;
  readonly #around: StepCall;
  readonly #ears: PluginRunEars;

  constructor(around: StepCall, { stepParams, key, ears, stop }: PluginRunCallOptions) {
    this.#around = around;
    this.#ears = ears;
    this.stepParams = stepParams;
    this.signal = stop ? AbortSignal.any([around.signal, stop]) : around.signal;
    this.idempotencyKey = `${around.idempotencyKey}/${key}`;
  }

  /** The context, speaking for this call. */
  viewOf<TContext extends BaseStepContext>(context: TContext): TContext {
    return new Proxy(context, {
      get: (target, key, receiver) => (key === STEP_CALL ? this : (Reflect.get(target, key, receiver) as unknown)),
    });
  }

  get runId(): string {
    return this.#around.runId;
  }

  get step(): string {
    return this.#around.step;
  }

  get order(): number | undefined {
    return this.#around.order;
  }

  get clock(): StepCall['clock'] {
    return this.#around.clock;
  }

  get attempt(): number {
    return this.#around.attempt;
  }

  get undoAttempt(): number {
    return this.#around.undoAttempt;
  }

  get rollbackCause(): StepCall['rollbackCause'] {
    return this.#around.rollbackCause;
  }

  get control(): StepCall['control'] {
    return this.#around.control;
  }

  assertOpen(): void {
    this.#around.assertOpen();
  }

  saveUndo(data: JsonObject): Promise<void> {
    return this.#ears.saveUndo(data);
  }

  setProgress(...progress: Parameters<StepCall['setProgress']>): void {
    this.#around.setProgress(...progress);
  }

  setMetrics(metrics: Record<string, unknown>, category: string | undefined): void {
    this.#around.setMetrics(metrics, category);
    this.#ears.onMetrics(metrics, category);
  }

  log(entry: StepLog): void {
    this.#around.log(this.#ears.onLog(entry));
  }

  contextChanged(...changes: Parameters<StepCall['contextChanged']>): void {
    this.#around.contextChanged(...changes);
  }
}
