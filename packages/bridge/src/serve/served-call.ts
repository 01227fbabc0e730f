import {
  encodeJson,
  encodeJsonObject,
  errorMessage,
  type ErrorRecord,
  type JsonObject,
  type JsonValue,
  type ProgressOptions,
  type StepCall,
  type StepLog,
  StepUsageError,
} from '@synapse-steps/core';
import { droppedText, LogThrottle } from '../log-throttle.js';
import { ProgressThrottle } from '../progress-throttle.js';
import type { ContextChanges } from './served-context.js';

/** Progress as it travels. */
interface StepProgress {
  readonly current: number;
  readonly total: number;
  readonly category: string | null;
  readonly message: string | null;
}

/** What a served call needs of its server. */
export interface ServedCallOptions {
  readonly id: number;
  readonly runId: string;
  readonly step: string;
  readonly attempt: number;
  readonly undoAttempt: number;
  readonly idempotencyKey: string;
  readonly stepParams: JsonObject;
  readonly rollbackCause: ErrorRecord | undefined;
  readonly mayUndo: boolean;
  readonly notify: (method: string, params: Record<string, unknown>) => void;
  /** What the step changed so far; sent with undo data, so that an undo after a crash sees it. */
  readonly takeChanges: () => ContextChanges;
}

/** One call of a step in a Node plugin: what the step says on its context becomes notifications to the host. */
export class ServedCall implements StepCall {
  readonly control = undefined;
  readonly #options: ServedCallOptions;
  readonly #abort = new AbortController();
  readonly #unsaved = new Map<number, { readonly resolve: () => void; readonly reject: (reason: unknown) => void }>();
  /** The host would thin out both as well, but not before it has read them, with the answer behind them. */
  readonly #progress = new ProgressThrottle<StepProgress>((progress) => this.#tellProgress(progress));
  readonly #logs = new LogThrottle<Record<string, unknown>>({
    show: (log) => void this.#notify('log', log),
    onDropped: (count) => {
      this.#notify('log', { level: 'warning', event: null, data: null, message: droppedText(count) });
    },
  });
  #seq = 0;
  #isClosed = false;

  constructor(options: ServedCallOptions) {
    this.#options = options;
  }

  get id(): number {
    return this.#options.id;
  }

  get runId(): string {
    return this.#options.runId;
  }

  get step(): string {
    return this.#options.step;
  }

  get attempt(): number {
    return this.#options.attempt;
  }

  get undoAttempt(): number {
    return this.#options.undoAttempt;
  }

  get idempotencyKey(): string {
    return this.#options.idempotencyKey;
  }

  get stepParams(): JsonObject {
    return this.#options.stepParams;
  }

  get rollbackCause(): ErrorRecord | undefined {
    return this.#options.rollbackCause;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** The host wants the call to end. Whoever waits for undo data to be saved waits no longer. */
  cancel(reason: Error): void {
    this.#abort.abort(reason);
    for (const { reject } of this.#unsaved.values()) reject(reason);
    this.#unsaved.clear();
  }

  /** The host has the undo data safe. */
  undoSaved(seq: number): void {
    this.#unsaved.get(seq)?.resolve();
    this.#unsaved.delete(seq);
  }

  /** The call was answered: from now on it may say nothing more. */
  close(): void {
    this.#progress.flush();
    this.#logs.flush();
    this.#isClosed = true;
  }

  assertOpen(): void {
    if (!this.#isClosed) return;
    throw new StepUsageError(
      'call_closed',
      `The step '${this.step}' has been answered and may not use its context any more.`,
    );
  }

  async saveUndo(data: JsonObject): Promise<void> {
    this.assertOpen();
    this.signal.throwIfAborted();
    this.#assertUndoable();
    const delta = encodeJsonObject(data, `The undo data of '${this.step}'`);
    const { patch, giveBack } = this.#options.takeChanges();
    await new Promise<void>((resolve, reject) => {
      try {
        this.#unsaved.set(this.#notify('undo', { data: delta, patch }), { resolve, reject });
      } catch (error) {
        giveBack();
        throw error; // in here that rejects
      }
    });
  }

  #assertUndoable(): void {
    if (this.undoAttempt > 0)
      throw new StepUsageError('undo_without_rollback', `The rollback of '${this.step}' cannot save undo data.`);
    if (this.#options.mayUndo) return;
    throw new StepUsageError(
      'undo_without_rollback',
      `The step '${this.step}' saves undo data but has no rollback that would use it. Give it one.`,
    );
  }

  setProgress(current: number, total: number, { category, message }: ProgressOptions): void {
    this.assertOpen();
    if (!(Number.isFinite(total) && total > 0 && current >= 0 && current <= total)) {
      throw new StepUsageError(
        'invalid_progress',
        `The step '${this.step}' reported the progress ${current} of ${total}. The total must be above 0, and the current value 0 … total.`,
      );
    }
    this.#progress.add({ current, total, category: category ?? null, message: message ?? null });
  }

  setMetrics(metrics: Record<string, unknown>, category: string | undefined): void {
    this.assertOpen();
    this.#notify('metrics', {
      category: category ?? null,
      metrics: encodeJsonObject(metrics, `The metrics of '${this.step}'`),
    });
  }

  log({ level, event, data, message }: StepLog): void {
    this.assertOpen();
    this.#logs.add({
      level,
      event: event ?? null,
      data: data === undefined ? null : logData(data),
      message: message ?? null,
    });
  }

  /** Changes are found by comparison when the call ends. */
  contextChanged(): void {
    this.assertOpen();
  }

  /** Some of it goes out later, when the step cannot be told any more that its message is too long for a frame. */
  #tellProgress(progress: StepProgress): void {
    try {
      this.#notify('progress', { ...progress });
    } catch (error) {
      process.stderr.write(`The progress of step '${this.step}' could not be sent: ${errorMessage(error)}\n`);
    }
  }

  #notify(method: string, params: Record<string, unknown>): number {
    this.#seq += 1;
    this.#options.notify(method, { id: this.id, seq: this.#seq, ...params });
    return this.#seq;
  }
}

/** A log line may not break its step: what is no JSON is shown as text. */
function logData(data: unknown): JsonObject {
  try {
    const json: JsonValue = encodeJson(data, 'The data of a log line');
    return typeof json === 'object' && json !== null && !Array.isArray(json) ? json : { value: json };
  } catch (error) {
    return { text: String(data), problem: error instanceof Error ? error.message : String(error) };
  }
}
