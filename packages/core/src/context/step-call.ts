import type { ErrorRecord } from '../errors/error-record.js';
import type { LogLevel } from '../events/run-event.js';
import type { PatchOperation } from '../json/json-patch.js';
import type { JsonObject } from '../json/json-value.js';
import type { Clock } from '../orchestrator/clock.js';
import type { StepControl } from '../orchestrator/step-control.js';

/** Where the orchestrator puts the call that is under way. Shared by all copies of this package. */
export const STEP_CALL: unique symbol = Symbol.for('synapse-steps.call');

export interface ProgressOptions {
  /** What is counted. The step itself by default; only that moves the run's progress. */
  readonly category?: string;
  readonly message?: string;
}

export interface StepLog {
  readonly level: LogLevel;
  readonly event?: string;
  readonly data?: unknown;
  readonly message?: string;
  /** The key of the message code that `message` was made from. */
  readonly code?: string;
  /** Name or address of a file that goes with the line. */
  readonly file?: string;
  readonly source?: 'stdout' | 'stderr';
}

/**
 * One call of a step (`canSkip`, `execute` or `rollback`) as the context sees it. Whoever runs a step makes one for each
 * call, puts it at `context[STEP_CALL]`, and closes it when the call ends; a step that goes on after it was given up then
 * gets an error, not a say.
 */
export interface StepCall {
  readonly runId: string;
  /** The registry's name, or a path `parent/child`. */
  readonly step: string;
  /** The step's place among its siblings, 0-based, where it is known. */
  readonly order?: number | undefined;
  /** The clock of the run; the machine's where there is none. */
  readonly clock?: Clock | undefined;
  /** 1 at first; how often `execute` was entered. */
  readonly attempt: number;
  /** How often `rollback` was called, this call included; 0 outside a rollback. */
  readonly undoAttempt: number;
  /** The same for every repetition of this very call. */
  readonly idempotencyKey: string;
  readonly signal: AbortSignal;
  readonly stepParams: JsonObject;
  /** Why the run is being rolled back. */
  readonly rollbackCause: ErrorRecord | undefined;
  /** What only a run can do for a step; undefined where there is none (a step served by a plugin). */
  readonly control: StepControl | undefined;

  /** Throws when the step was given up. */
  assertOpen(): void;
  saveUndo(data: JsonObject): Promise<void>;
  setProgress(current: number, total: number, options: ProgressOptions): void;
  setMetrics(metrics: Record<string, unknown>, category: string | undefined): void;
  log(entry: StepLog): void;
  contextChanged(patch: readonly PatchOperation[]): void;
}
