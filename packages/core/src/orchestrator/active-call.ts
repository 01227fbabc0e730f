import type { ProgressOptions, StepCall, StepLog } from '../context/step-call.js';
import type { ErrorRecord } from '../errors/error-record.js';
import type { PatchOperation } from '../json/json-patch.js';
import { encodeJsonObject, type JsonObject } from '../json/json-value.js';
import { checkProgress } from '../loggers/log-entry.js';
import { StepUsageError } from '../step/step-error.js';
import type { StepControl } from './step-control.js';
import type { Clock } from './clock.js';
import type { RunStep } from './step-scope.js';

const NO_PARAMS: JsonObject = Object.freeze({});

interface ActiveCallOptions {
  /** Set for a call of `rollback`. */
  readonly undo?: { readonly undoAttempt: number; readonly cause: ErrorRecord };
  /** Default: the signal of the run, or of the parallel step around this one. */
  readonly signal?: AbortSignal;
}

const NO_OPTIONS: ActiveCallOptions = {};

/** One call of a step while it runs: what the step says on its context becomes events of the run here. */
export class ActiveCall implements StepCall {
  readonly entry: RunStep;
  readonly #options: ActiveCallOptions;
  #control: StepControl | undefined;
  #closed = false;

  constructor(entry: RunStep, options: ActiveCallOptions = NO_OPTIONS) {
    this.entry = entry;
    this.#options = options;
  }

  get runId(): string {
    return this.entry.scope.run.options.runId;
  }

  get step(): string {
    return this.entry.record.name;
  }

  get order(): number {
    return this.entry.scope.steps.indexOf(this.entry);
  }

  get clock(): Clock {
    return this.entry.scope.run.clock;
  }

  get attempt(): number {
    return Math.max(1, this.entry.record.attempts);
  }

  get undoAttempt(): number {
    return this.#options.undo?.undoAttempt ?? 0;
  }

  get idempotencyKey(): string {
    return `${this.runId}/${this.step}/${this.attempt}/${this.#options.undo ? 'rollback' : 'execute'}`;
  }

  get signal(): AbortSignal {
    return this.#options.signal ?? this.entry.scope.cancellation.signal;
  }

  get stepParams(): JsonObject {
    return this.entry.step.stepParams ?? NO_PARAMS;
  }

  get rollbackCause(): ErrorRecord | undefined {
    return this.#options.undo?.cause;
  }

  get control(): StepControl {
    return (this.#control ??= this.entry.scope.run.controlFor(this));
  }

  /** Ends what the step may say; a step that was given up and goes on gets an error from then on. */
  close(): void {
    this.#closed = true;
  }

  saveUndo(data: JsonObject): Promise<void> {
    const saved = this.#save(data);
    // A step that does not wait for it, or catches its error, fails for it when it ends: see failedSave.
    saved.catch(() => {});
    return saved;
  }

  async #save(data: JsonObject): Promise<void> {
    this.assertOpen();
    const { record, scope } = this.entry;
    try {
      this.#assertUndoable();
      const delta = encodeJsonObject(data, `The undo data of '${this.step}'`);
      record.undoData = { ...record.undoData, ...delta };
      scope.run.emit({ type: 'undo-saved', step: this.step, attempt: this.attempt, data: delta });
      await scope.run.commit();
    } catch (error) {
      this.entry.failedSave ??= { error };
      throw error;
    }
  }

  #assertUndoable(): void {
    if (this.#options.undo)
      throw new StepUsageError('undo_without_rollback', `The rollback of '${this.step}' cannot save undo data.`);
    if (this.entry.step.hasRollback) return;
    throw new StepUsageError(
      'undo_without_rollback',
      `The step '${this.step}' saves undo data but has no rollback that would use it. Give it one.`,
    );
  }

  setProgress(current: number, total: number, options: ProgressOptions): void {
    this.assertOpen();
    checkProgress(`The step '${this.step}'`, current, total);
    const { category = this.step, message } = options;
    const fraction = current / total;
    this.entry.scope.run.emit({
      type: 'step-progress',
      step: this.step,
      current,
      total,
      category,
      fraction,
      ...(message !== undefined && { message }),
    });
    if (category !== this.step || this.#options.undo) return;
    this.entry.scope.advance(this.entry, fraction);
  }

  setMetrics(metrics: Record<string, unknown>, category: string | undefined): void {
    this.assertOpen();
    this.entry.scope.run.emit({
      type: 'step-metric',
      step: this.step,
      category: category ?? this.step,
      metrics: { ...metrics },
    });
  }

  log(entry: StepLog): void {
    this.assertOpen();
    this.entry.scope.run.emit({ type: 'step-log', step: this.step, ...entry });
  }

  contextChanged(patch: readonly PatchOperation[]): void {
    this.entry.scope.run.contexts.changed(this.entry, patch);
  }

  assertOpen(): void {
    if (!this.#closed) return;
    throw new StepUsageError(
      'call_closed',
      `The step '${this.step}' was given up and may not use its context any more. Let it watch context.signal and stop.`,
    );
  }
}
