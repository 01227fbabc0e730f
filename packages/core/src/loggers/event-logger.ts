import type { BaseStepContext } from '../context/base-step-context.js';
import { BaseLogger } from './base-logger.js';
import type { LogEntry } from './log-entry.js';
import type { ProgressData } from './progress-book.js';

/**
 * A logger for code that knows nothing of steps: what it writes becomes events of the run that `context` belongs to, under
 * the running step or the one that is named.
 */
export class EventLogger extends BaseLogger {
  /** It writes into runs; as a reader of one it would only hear itself. */
  override readonly reads = false;
  readonly #context: BaseStepContext;

  constructor(context: BaseStepContext) {
    super();
    this.#context = context;
  }

  override setProgress(current: number, total: number, step: string | undefined = this.step): void {
    if (!this.isFinished) this.#context.setProgress(current, total, step === undefined ? {} : { category: step });
    super.setProgress(current, total, step ?? this.#context.currentStep);
  }

  override setMetrics(metrics: Readonly<Record<string, unknown>>, step: string | undefined = this.step): void {
    if (!this.isFinished) this.#context.setMetrics({ ...metrics }, step);
    super.setMetrics(metrics, step ?? this.#context.currentStep);
  }

  protected override write({ event, data, level, step, file }: LogEntry): void {
    const named = step === undefined || step === this.#context.currentStep ? data : { ...data, step };
    this.#context.log(event, named, { level, ...(file !== undefined && { file }) });
  }

  protected override onProgress({ status }: ProgressData, step: string | undefined): void {
    if (status === 'failed') this.#context.log('progress_failed', step === undefined ? {} : { step }, 'error');
  }
}
