import type { z } from 'zod';

import type { ErrorRecord } from '../errors/error-record.js';
import type { LogLevel } from '../events/run-event.js';
import type { PatchOperation } from '../json/json-patch.js';
import { copyJson, type JsonObject } from '../json/json-value.js';
import { StepUsageError } from '../step/step-error.js';
import { patchContext } from './patch-context.js';
import { RuntimeContext } from './runtime-context.js';
import type { ProgressOptions, StepCall } from './step-call.js';

/** Where the orchestrator puts the call that is under way. Shared by all copies of this package. */
export const STEP_CALL: unique symbol = Symbol.for('synapse-steps.call');
const RUNTIME: unique symbol = Symbol.for('synapse-steps.runtime');
const NEVER_ABORTED = new AbortController().signal;

/**
 * The state that the steps of one run share. Extend it with plain fields: those are the state, and what of them is JSON can
 * cross to a plugin. Everything else here speaks for the step that is running.
 *
 * `static transient` names fields that stay in this process; `static state`, a zod object, checks what comes back from
 * outside and revives it (a date that crossed as text, say).
 *
 * @example
 * class ProcessContext extends BaseStepContext {
 *   data: string[] = [];
 * }
 */
export class BaseStepContext {
  static readonly transient: readonly string[] = [];
  static readonly state: z.ZodObject<Record<string, z.ZodType>> | undefined = undefined;
  /** Checks the workflow's params before anything starts. */
  static readonly params: z.ZodType | undefined = undefined;

  /** @internal */
  [STEP_CALL]: StepCall | undefined = undefined;
  readonly [RUNTIME]: RuntimeContext;

  constructor(runtimeContext: RuntimeContext = new RuntimeContext()) {
    this[RUNTIME] = runtimeContext;
  }

  /** What the host lends to the run: environment, client, job id, checkpoint. */
  get runtimeContext(): RuntimeContext {
    return this[RUNTIME];
  }

  /** The workflow's parameters. */
  get params(): JsonObject {
    return this[RUNTIME].params;
  }

  /** The running step's own parameters (`with` in a workflow file). */
  get stepParams(): JsonObject {
    return callOf(this, 'stepParams').stepParams;
  }

  get runId(): string {
    return callOf(this, 'runId').runId;
  }

  /** The name of the running step, if one runs. */
  get currentStep(): string | undefined {
    return this[STEP_CALL]?.step;
  }

  /** 1 at first; higher when the step is tried again. */
  get attempt(): number {
    return callOf(this, 'attempt').attempt;
  }

  /** In `rollback`: how often it was called, this call included. 0 elsewhere. */
  get undoAttempt(): number {
    return callOf(this, 'undoAttempt').undoAttempt;
  }

  /** `runId/step/attempt/execute` or `…/rollback`: give it to a service that must not do a thing twice. */
  get idempotencyKey(): string {
    return callOf(this, 'idempotencyKey').idempotencyKey;
  }

  /** Aborted when the run is cancelled. In `rollback` it is another signal, which no cancel reaches. */
  get signal(): AbortSignal {
    return this[STEP_CALL]?.signal ?? NEVER_ABORTED;
  }

  /** In `rollback`: the failure that it answers. */
  get rollbackCause(): ErrorRecord | undefined {
    return callOf(this, 'rollbackCause').rollbackCause;
  }

  /**
   * Saves what `rollback` will need; call it *before* the effect that it describes, and await it. Top-level keys merge over
   * what was saved before. All of it is kept when the step throws, is cancelled or dies.
   *
   * @throws UnserialisableValueError when `data` is not JSON; StepUsageError when the step has no `rollback`.
   */
  async saveUndo(data: object): Promise<void> {
    await callOf(this, 'saveUndo()').saveUndo(data as JsonObject);
  }

  /**
   * Tells how far the step is.
   *
   * @param current 0 … `total`
   * @param total above 0, in whatever the step counts
   * @throws StepUsageError outside these bounds
   */
  setProgress(current: number, total: number, options: ProgressOptions | string = {}): void {
    callOf(this, 'setProgress()').setProgress(
      current,
      total,
      typeof options === 'string' ? { category: options } : options,
    );
  }

  /** Reports values of the moment (a loss, a rate); those of one category are merged by key. Default category: the step. */
  setMetrics(metrics: Record<string, unknown>, category?: string): void {
    callOf(this, 'setMetrics()').setMetrics(metrics, category);
  }

  /** Writes an event with data into the run's log. */
  log(event: string, data: unknown = {}, level: LogLevel = 'info'): void {
    callOf(this, 'log()').log({ level, event, data });
  }

  /** Writes a text for people into the run's log. */
  logMessage(message: string, level: LogLevel = 'info'): void {
    callOf(this, 'logMessage()').log({ level, message });
  }

  /** Writes a line that a plugin printed into the run's log. */
  logLine(line: string, source: 'stdout' | 'stderr'): void {
    callOf(this, 'logLine()').log({ level: 'info', message: line, source });
  }

  /**
   * Changes fields by RFC 6902 operations (`add`, `replace`, `remove`), all or nothing; the first segment of a path is a
   * field.
   *
   * @throws PatchError when an operation cannot be applied; InvalidContextFieldError when `static state` refuses a value.
   */
  patch(operations: readonly PatchOperation[]): void {
    if (operations.length === 0) return;
    const call = callOf(this, 'patch()');
    call.assertOpen();
    patchContext(this, operations);
    call.contextChanged(operations);
  }

  /** The fields as JSON, without the transient ones. @throws UnserialisableValueError naming the field that is not JSON. */
  toJSON(): JsonObject {
    const json: JsonObject = {};
    const { transient } = this.constructor as typeof BaseStepContext;
    for (const [field, value] of Object.entries(this)) {
      if (value !== undefined && !transient.includes(field))
        json[field] = copyJson(value, `The context's field '${field}'`);
    }
    return json;
  }
}

function callOf(context: BaseStepContext, asked: string): StepCall {
  const call = context[STEP_CALL];
  if (call === undefined) {
    throw new StepUsageError('no_step_running', `context.${asked} speaks for a running step, and none is running.`);
  }
  return call;
}
