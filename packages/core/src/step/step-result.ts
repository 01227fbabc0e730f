import type { JsonObject } from '../json/json-value.js';
import { wallClockText } from '../orchestrator/clock.js';

const BRAND = Symbol.for('synapse-steps.step-result');

/** How a step ended, as its `rollback` is told. `unknown`: the process was lost, or the step was given up. */
export type StepResultStatus = 'completed' | 'failed' | 'unknown';

/** The shape of no undo data; unlike `JsonObject` it fits every shape of it. */
type NoUndo = Record<never, never>;

export interface StepResultFields<TUndo extends JsonObject = JsonObject> {
  readonly success?: boolean;
  /** Shown in the report. Anything in process; JSON where it crosses to a plugin or into a journal. */
  readonly data?: Record<string, unknown>;
  readonly error?: string | null;
  /** One more merge over what `saveUndo` saved. JSON. */
  readonly rollbackData?: TUndo;
  readonly skipped?: boolean;
  readonly skipReason?: string;
  /** The exception behind `error`; becomes the cause of the run's error. */
  readonly cause?: unknown;
}

/**
 * What `execute` returns. `TUndo` is the shape of the undo data; in `rollback` every key of it may be missing, because a
 * step that died early is rolled back with what it had saved until then.
 */
export class StepResult<TUndo extends JsonObject = JsonObject> {
  success: boolean;
  data: Record<string, unknown>;
  error: string | null;
  rollbackData: Partial<TUndo>;
  skipped: boolean;
  skipReason: string | undefined;
  /** When the result was made: RFC 3339, UTC, milliseconds. */
  timestamp: string;
  /** Set by the orchestrator. */
  status: StepResultStatus | undefined;
  cause: unknown;
  /** @internal */
  readonly [BRAND] = true;

  constructor(fields: StepResultFields<TUndo> = {}) {
    this.success = fields.success ?? true;
    this.data = fields.data ?? {};
    this.error = fields.error ?? null;
    this.rollbackData = fields.rollbackData ?? {};
    this.skipped = fields.skipped ?? false;
    this.skipReason = fields.skipReason;
    this.timestamp = wallClockText();
    this.status = undefined;
    this.cause = fields.cause;
  }

  /** The step did its work. */
  static ok<TUndo extends JsonObject = NoUndo>(
    fields: Pick<StepResultFields<TUndo>, 'data' | 'rollbackData'> = {},
  ): StepResult<TUndo> {
    return new StepResult<TUndo>(fields);
  }

  /** The step failed; the run is rolled back. Throwing does the same. */
  static fail<TUndo extends JsonObject = NoUndo>(
    message: string,
    fields: Pick<StepResultFields<TUndo>, 'data' | 'rollbackData' | 'cause'> = {},
  ): StepResult<TUndo> {
    return new StepResult<TUndo>({ ...fields, success: false, error: message });
  }

  /** There was nothing to do. */
  static skip(reason?: string): StepResult<NoUndo> {
    return new StepResult({ skipped: true, ...(reason !== undefined && { skipReason: reason }) });
  }

  static is(value: unknown): value is StepResult {
    return typeof value === 'object' && value !== null && BRAND in value;
  }
}
