import { STEP_CALL, type ProgressOptions, type StepCall, type StepLog } from '../context/step-call.js';
import type { BaseStepContext } from '../context/base-step-context.js';
import type { JsonObject } from '../json/json-value.js';
import { checkProgress } from '../loggers/log-entry.js';
import { StepUsageError } from '../step/step-error.js';

/**
 * Lets a context speak for a step without a run around it, so that code which only speaks on its context can be tried
 * alone. What it says goes to the runtime context's logger; saved undo data is kept in `undoData`.
 *
 * @example
 * const call = StandInCall.on(context, 'load');
 * await reportRows(context);
 * call.end();
 */
export class StandInCall implements StepCall {
  readonly runId = 'no-run';
  readonly attempt = 1;
  readonly undoAttempt = 0;
  readonly idempotencyKey: string;
  readonly signal = new AbortController().signal;
  readonly stepParams: JsonObject = {};
  readonly rollbackCause = undefined;
  readonly control = undefined;
  undoData: JsonObject = {};
  readonly #context: BaseStepContext;

  private constructor(
    context: BaseStepContext,
    readonly step: string,
    readonly order: number | undefined,
  ) {
    this.#context = context;
    this.idempotencyKey = `no-run/${step}/1/execute`;
  }

  /** From now on `context` speaks for `step`. @throws StepUsageError when a step is running. */
  static on(context: BaseStepContext, step: string, order?: number): StandInCall {
    const current = context[STEP_CALL];
    if (current !== undefined && !(current instanceof StandInCall)) {
      throw new StepUsageError(
        'already_run',
        `The step '${current.step}' is running on this context. Use another one.`,
      );
    }
    const call = new StandInCall(context, step, order);
    context[STEP_CALL] = call;
    return call;
  }

  /** The context speaks for nobody any more. */
  end(): void {
    this.#context[STEP_CALL] = undefined;
  }

  assertOpen(): void {}

  async saveUndo(data: JsonObject): Promise<void> {
    this.undoData = { ...this.undoData, ...data };
  }

  setProgress(current: number, total: number, { category = this.step }: ProgressOptions): void {
    checkProgress(`The step '${this.step}'`, current, total);
    this.#logger?.setProgress(current, total, category);
  }

  setMetrics(metrics: Record<string, unknown>, category = this.step): void {
    this.#logger?.setMetrics(metrics, category);
  }

  log({ level, event, data, message, code, file }: StepLog): void {
    const { step } = this;
    if (event !== undefined) this.#logger?.log(event, data as Record<string, unknown>, { level, file, step });
    else this.#logger?.logText(message ?? '', { level, file, code, step });
  }

  contextChanged(): void {}

  get #logger(): BaseStepContext['runtimeContext']['logger'] {
    return this.#context.runtimeContext.logger;
  }
}
