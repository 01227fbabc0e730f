import { logLevelSchema, type LogLevel } from '../events/run-event.js';
import { StepUsageError } from '../step/step-error.js';

/** One line of a log, complete: who said what, how loudly. */
export interface LogEntry {
  readonly level: LogLevel;
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** The step that it belongs to, if it belongs to one. */
  readonly step: string | undefined;
  /** Name or address of a file that goes with it (an image, say). */
  readonly file: string | undefined;
}

/** @throws StepUsageError when `data` is no object. */
export function checkLogData(data: unknown): asserts data is Record<string, unknown> {
  if (isRecord(data)) return;
  throw new StepUsageError('invalid_log', `The data of a log line must be an object, got ${kindOf(data)}.`);
}

/** @throws StepUsageError when `level` is none of the seven levels. */
export function checkLevel(level: LogLevel): void {
  if (logLevelSchema.options.includes(level)) return;
  throw new StepUsageError(
    'invalid_level',
    `'${String(level)}' is no log level. Use one of: ${logLevelSchema.options.join(', ')}.`,
  );
}

/** @throws StepUsageError when metrics are no object. */
export function checkMetrics(metrics: unknown): asserts metrics is Record<string, unknown> {
  if (isRecord(metrics)) return;
  throw new StepUsageError('invalid_metrics', `Metrics must be an object of names and values, got ${kindOf(metrics)}.`);
}

/** One rule for all writes: a step that is named has a name. @throws StepUsageError when it is empty. */
export function checkStepName(step: string | undefined): void {
  if (step !== '') return;
  throw new StepUsageError('empty_step_name', 'The name of a step (a category) is empty. Leave it out, or name one.');
}

/** @throws StepUsageError unless 0 ≤ current ≤ total and total > 0. */
export function checkProgress(what: string, current: number, total: number): void {
  if (Number.isFinite(current) && Number.isFinite(total) && total > 0 && current >= 0 && current <= total) return;
  throw new StepUsageError(
    'invalid_progress',
    `${what} reported the progress ${String(current)} of ${String(total)}. The total must be above 0, and the current value 0 … total.`,
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}
