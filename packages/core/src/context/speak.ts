import type { BaseLogger } from '../loggers/base-logger.js';
import { checkLevel, checkLogData, checkMetrics, checkStepName } from '../loggers/log-entry.js';
import type { ProgressOptions, StepCall, StepLog } from './step-call.js';

/** Who speaks: a running step, if there is one, and who listens otherwise. */
export interface Speaker {
  readonly call: StepCall | undefined;
  readonly logger: BaseLogger | undefined;
}

// What is said while a step runs becomes an event of its run, which the logger reads like everybody else; what is said
// outside a run goes to the logger at once.

export function sayLog({ call, logger }: Speaker, entry: StepLog): void {
  checkLevel(entry.level);
  if (entry.event !== undefined) checkLogData(entry.data);
  if (call) return call.log(entry);
  const { level, event, data, message, code, file } = entry;
  if (event !== undefined) logger?.log(event, data as Record<string, unknown>, { level, file });
  else logger?.logText(message ?? '', { level, file, code });
}

export function sayProgress(
  { call, logger }: Speaker,
  [current, total]: readonly [number, number],
  options: ProgressOptions,
): void {
  checkStepName(options.category);
  if (call) call.setProgress(current, total, options);
  else logger?.setProgress(current, total, options.category);
}

export function sayMetrics({ call, logger }: Speaker, metrics: Record<string, unknown>, category?: string): void {
  checkStepName(category);
  checkMetrics(metrics);
  if (call) call.setMetrics(metrics, category);
  else logger?.setMetrics(metrics, category);
}
