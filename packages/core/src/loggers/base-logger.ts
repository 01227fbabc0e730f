import type { LogLevel, RunEvent, StepOutline } from '../events/run-event.js';
import { systemClock, type Clock } from '../orchestrator/clock.js';
import { StepUsageError } from '../step/step-error.js';
import { checkLevel, checkLogData, checkMetrics, checkProgress, checkStepName, type LogEntry } from './log-entry.js';
import { ProgressBook, type ProgressData } from './progress-book.js';
import {
  metricData,
  trialsData,
  visualizationData,
  type TrialsOptions,
  type VisualizationOptions,
} from './special-entries.js';

const BRAND = Symbol.for('synapse-steps.logger');

export interface LogOptions {
  /** Default `info`. */
  readonly level?: LogLevel | undefined;
  /** Default: the logger's own step. */
  readonly step?: string | undefined;
  readonly file?: string | undefined;
}

/** How a step ended, as a logger is told. */
export type StepEnding = 'completed' | 'failed' | 'unknown' | 'skipped';

/**
 * Writes down what steps say. Given to a `RuntimeContext` it is a reader of each run's events; outside a run the same calls
 * reach it directly. Extend it with {@link write} and, if wanted, the other hooks.
 *
 * One rule tells which step a write belongs to: the one that is named, else (in a run) the running one, else the logger's
 * own. After {@link finish} writes are dropped and counted: a late line must not break a step.
 */
export abstract class BaseLogger {
  /** False spares a run from building events that nobody reads. */
  readonly reads: boolean = true;
  readonly clock: Clock;
  readonly #progress: ProgressBook;
  readonly #metrics = new Map<string, Record<string, unknown>>();
  #step: string | undefined;
  #order: number | undefined;
  #finished = false;
  #droppedWrites = 0;
  /** @internal */
  readonly [BRAND] = true;

  constructor(options: { readonly clock?: Clock } = {}) {
    this.clock = options.clock ?? systemClock;
    this.#progress = new ProgressBook(this.clock);
  }

  static is(value: unknown): value is BaseLogger {
    return typeof value === 'object' && value !== null && BRAND in value;
  }

  /** The step of writes that name none. */
  get step(): string | undefined {
    return this.#step;
  }

  get stepOrder(): number | undefined {
    return this.#order;
  }

  get isFinished(): boolean {
    return this.#finished;
  }

  /** How many writes came after {@link finish}. */
  get droppedWrites(): number {
    return this.#droppedWrites;
  }

  /** @param order its place, 0-based; dropped when there is no step */
  setStep(step: string | undefined, order?: number): void {
    checkStepName(step);
    this.#step = step;
    this.#order = step === undefined ? undefined : order;
  }

  /** @throws StepUsageError when `data` is no object, or the level or the name of the step is none. */
  log(event: string, data: Readonly<Record<string, unknown>> = {}, options: LogOptions = {}): void {
    if (this.#isClosed()) return;
    const { level = 'info', step = this.#step, file } = options;
    checkLevel(level);
    checkLogData(data);
    checkStepName(step);
    this.write({ level, event, data, step, file });
  }

  debug(text: string): void {
    this.log('debug', { content: text }, { level: 'debug' });
  }

  info(text: string): void {
    this.logText(text, { level: 'info' });
  }

  warning(text: string): void {
    this.logText(text, { level: 'warning' });
  }

  error(text: string): void {
    this.logText(text, { level: 'error' });
  }

  critical(text: string): void {
    this.logText(text, { level: 'critical' });
  }

  /** A text for people: the event `message`. `code` is the key of the message that it was made from. */
  logText(text: string, options: LogOptions & { readonly code?: string | undefined } = {}): void {
    this.log('message', { content: text, ...(options.code !== undefined && { key: options.code }) }, options);
  }

  /** A value for a chart: the event `metric`. */
  logMetric(category: string, key: string, options: { readonly value: number; readonly more?: object }): void {
    this.log('metric', metricData(category, key, options));
  }

  /** An image for a gallery: the event `visualization`. */
  logVisualization(options: VisualizationOptions): void {
    this.log('visualization', visualizationData(options), { file: options.image });
  }

  /** The trials of a search: the event `trials`. @throws StepUsageError when the whole `data` has no key `trials`. */
  logTrials(options: TrialsOptions): void {
    const data = trialsData(options);
    if (!this.#finished && !('trials' in data)) {
      throw new StepUsageError('invalid_log', "The data of logTrials must have the key 'trials'.");
    }
    this.log('trials', data);
  }

  /** @throws StepUsageError unless 0 ≤ current ≤ total and total > 0. */
  setProgress(current: number, total: number, step: string | undefined = this.#step): void {
    if (this.#isClosed()) return;
    checkStepName(step);
    checkProgress(step === undefined ? 'Somebody' : `The step '${step}'`, current, total);
    this.onProgress(this.#progress.report(step, current, total), step);
  }

  setProgressFailed(step: string | undefined = this.#step): void {
    if (this.#isClosed()) return;
    checkStepName(step);
    this.onProgress(this.#progress.fail(step), step);
  }

  /** Values of the moment; those of one step are merged by key. @throws StepUsageError when no step is known. */
  setMetrics(metrics: Readonly<Record<string, unknown>>, step: string | undefined = this.#step): void {
    if (this.#isClosed()) return;
    checkMetrics(metrics);
    checkStepName(step);
    if (step === undefined) {
      throw new StepUsageError('no_step_named', 'Metrics belong to a step, and none is running. Name one.');
    }
    const merged = { ...this.#metrics.get(step), ...metrics };
    this.#metrics.set(step, merged);
    this.onMetrics(step, { ...merged });
  }

  /** Without `step`: what was reported while no step was known. */
  getProgress(step?: string): ProgressData | undefined {
    return this.#progress.get(step);
  }

  getMetrics(step: string): Record<string, unknown>;
  getMetrics(): Record<string, Record<string, unknown>>;
  getMetrics(step?: string): Record<string, unknown> {
    if (step !== undefined) return { ...this.#metrics.get(step) };
    return Object.fromEntries([...this.#metrics].map(([name, metrics]) => [name, { ...metrics }]));
  }

  /** Closes the log; resolves once what it still had to write is written. May be repeated. */
  async finish(): Promise<void> {
    this.#finished = true;
    await this.onFinish();
  }

  /** Takes part in a run: called with each of its events. */
  readEvent(event: RunEvent): void {
    if (this.#finished && this.#isClosed()) return;
    switch (event.type) {
      case 'run-start':
        return this.onRunStart(event.steps);
      case 'step-start':
        return this.#progress.begin(event.step);
      case 'step-log':
        return this.#readLog(event);
      case 'step-progress':
        return this.setProgress(event.current, event.total, event.category);
      case 'step-metric':
        return this.setMetrics(event.metrics, event.category);
      case 'step-end':
        return this.onStepEnd(event.step, event.status);
      case 'step-skip':
        return this.onStepEnd(event.step, 'skipped');
      default:
        return; // what concerns the run itself, or its undo, is no line of a step's log
    }
  }

  #readLog({ level, step, event, data, message, code, file, source }: Extract<RunEvent, { type: 'step-log' }>): void {
    if (event !== undefined) this.log(event, data as Record<string, unknown>, { level, step, file });
    else if (source === undefined) this.logText(message ?? '', { level, step, file, code });
    else this.log('message', { content: message ?? '', source }, { level, step, file });
  }

  #isClosed(): boolean {
    if (this.#finished) this.#droppedWrites += 1;
    return this.#finished;
  }

  /** Puts one line down. */
  protected abstract write(entry: LogEntry): void;
  protected onProgress(_progress: ProgressData, _step: string | undefined): void {}
  /** @param _metrics all that is known of the step, merged */
  protected onMetrics(_step: string, _metrics: Readonly<Record<string, unknown>>): void {}
  protected onRunStart(_steps: readonly StepOutline[]): void {}
  protected onStepEnd(_step: string, _ending: StepEnding): void {}
  protected onFinish(): void | Promise<void> {}
}
