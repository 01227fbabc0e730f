import type { ProgressOptions, StepCall, StepLog } from '../context/step-call.js';
import type { ErrorRecord } from '../errors/error-record.js';
import type { PatchOperation } from '../json/json-patch.js';
import { copyJsonObject, type JsonObject } from '../json/json-value.js';
import { StepUsageError } from '../step/step-error.js';
import type { Run, RunStep } from './run.js';

const NO_PARAMS: JsonObject = Object.freeze({});

interface UndoCall {
  readonly undoAttempt: number;
  readonly cause: ErrorRecord;
  readonly signal: AbortSignal;
}

/** One call of a step while it runs: what the step says on its context becomes events of the run here. */
export class ActiveCall implements StepCall {
  readonly #run: Run;
  readonly entry: RunStep;
  readonly #undo: UndoCall | undefined;
  #closed = false;

  constructor(run: Run, entry: RunStep, undo?: UndoCall) {
    this.#run = run;
    this.entry = entry;
    this.#undo = undo;
  }

  get runId(): string {
    return this.#run.options.runId;
  }

  get step(): string {
    return this.entry.record.name;
  }

  get attempt(): number {
    return Math.max(1, this.entry.record.attempts);
  }

  get undoAttempt(): number {
    return this.#undo?.undoAttempt ?? 0;
  }

  get idempotencyKey(): string {
    return `${this.runId}/${this.step}/${this.attempt}/${this.#undo ? 'rollback' : 'execute'}`;
  }

  get signal(): AbortSignal {
    return this.#undo?.signal ?? this.#run.cancellation.signal;
  }

  get stepParams(): JsonObject {
    return this.entry.step.stepParams ?? NO_PARAMS;
  }

  get rollbackCause(): ErrorRecord | undefined {
    return this.#undo?.cause;
  }

  /** Ends what the step may say; a step that was given up and goes on gets an error from then on. */
  close(): void {
    this.#closed = true;
  }

  async saveUndo(data: JsonObject): Promise<void> {
    this.assertOpen();
    if (this.#undo)
      throw new StepUsageError('undo_without_rollback', `The rollback of '${this.step}' cannot save undo data.`);
    if (!this.entry.step.hasRollback) {
      throw new StepUsageError(
        'undo_without_rollback',
        `The step '${this.step}' saves undo data but has no rollback that would use it. Give it one.`,
      );
    }
    const delta = copyJsonObject(data, `The undo data of '${this.step}'`);
    this.entry.record.undoData = { ...this.entry.record.undoData, ...delta };
    this.#run.emit({ type: 'undo-saved', step: this.step, attempt: this.attempt, data: delta });
  }

  setProgress(current: number, total: number, options: ProgressOptions): void {
    this.assertOpen();
    checkProgress(this.step, current, total);
    const { category = this.step, message } = options;
    const fraction = current / total;
    this.#run.emit({
      type: 'step-progress',
      step: this.step,
      current,
      total,
      category,
      fraction,
      ...(message !== undefined && { message }),
    });
    if (category !== this.step || this.#undo) return;
    this.#run.progress.advance(this.entry.record.weight, fraction);
    this.#run.emitProgress(false);
  }

  setMetrics(metrics: Record<string, unknown>, category: string | undefined): void {
    this.assertOpen();
    this.#run.emit({ type: 'step-metric', step: this.step, category: category ?? this.step, metrics: { ...metrics } });
  }

  log(entry: StepLog): void {
    this.assertOpen();
    this.#run.emit({ type: 'step-log', step: this.step, ...entry });
  }

  contextChanged(patch: readonly PatchOperation[]): void {
    this.#run.emit({ type: 'context-change', step: this.step, patch: [...patch] });
  }

  assertOpen(): void {
    if (!this.#closed) return;
    throw new StepUsageError(
      'call_closed',
      `The step '${this.step}' was given up and may not use its context any more. Let it watch context.signal and stop.`,
    );
  }
}

function checkProgress(step: string, current: number, total: number): void {
  if (Number.isFinite(current) && Number.isFinite(total) && total > 0 && current >= 0 && current <= total) return;
  throw new StepUsageError(
    'invalid_progress',
    `The step '${step}' reported the progress ${String(current)} of ${String(total)}. The total must be above 0, and the current value 0 … total.`,
  );
}
