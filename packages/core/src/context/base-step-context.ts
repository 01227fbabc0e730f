import type { z } from 'zod';

import type { ErrorRecord } from '../errors/error-record.js';
import type { LogLevel } from '../events/run-event.js';
import type { PatchOperation } from '../json/json-patch.js';
import { escapeKey } from '../json/json-tags.js';
import { encodeJson, type JsonObject } from '../json/json-value.js';
import type { Message, MessageOptions } from '../messages/resolve-message.js';
import { StepUsageError } from '../step/step-error.js';
import type { StepResult } from '../step/step-result.js';
import { CHANGES } from './changes-key.js';
import type { ContextChanges } from './context-changes.js';
import { patchContext } from './patch-context.js';
import { RuntimeContext, type RuntimeLogOptions } from './runtime-context.js';
import { sayLog, sayMetrics, sayProgress, type Speaker } from './speak.js';
import { STEP_CALL, type ProgressOptions, type StepCall } from './step-call.js';

const RUNTIME: unique symbol = Symbol.for('synapse-steps.runtime');
const RESULTS: unique symbol = Symbol.for('synapse-steps.results');
const ERRORS: unique symbol = Symbol.for('synapse-steps.errors');
const FAILURE_TOLD: unique symbol = Symbol.for('synapse-steps.failure-told');
const INSPECT: unique symbol = Symbol.for('nodejs.util.inspect.custom');
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
  /** @internal */
  [CHANGES]: ContextChanges | undefined = undefined;
  readonly [RUNTIME]: RuntimeContext;
  // Under symbols, because they tell of the run and are no state of its steps: they cross to no plugin and no journal.
  readonly [RESULTS]: StepResult[] = [];
  readonly [ERRORS]: string[] = [];
  [FAILURE_TOLD] = false;

  constructor(runtimeContext: RuntimeContext = new RuntimeContext()) {
    this[RUNTIME] = runtimeContext;
  }

  /** What the host lends to the run: environment, client, job id, checkpoint. */
  get runtimeContext(): RuntimeContext {
    return this[RUNTIME];
  }

  /** The results of the steps of this process until now, in the order of their end; skipped steps have one too. */
  get stepResults(): StepResult[] {
    return this[RESULTS];
  }

  /** Texts about what went wrong without ending the run: those of steps, and `Rollback failed for step '…': …`. */
  get errors(): string[] {
    return this[ERRORS];
  }

  /** Whether a message about the failure has been written for people already. */
  get userFailureMessageEmitted(): boolean {
    return this[FAILURE_TOLD];
  }

  /** Say that people have been told of the failure; nobody needs to tell them again. */
  markUserFailureEmitted(): void {
    this[FAILURE_TOLD] = true;
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

  /** The running step's place among its siblings, 0-based. */
  get currentStepOrder(): number | undefined {
    return this[STEP_CALL]?.order;
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
  saveUndo(data: object): Promise<void> {
    return callOf(this, 'saveUndo()').saveUndo(data as JsonObject);
  }

  /**
   * Tells how far the step is.
   *
   * @param current 0 … `total`
   * @param total above 0, in whatever the step counts
   * @param options the category, when something else than the step itself is counted
   * @throws StepUsageError outside these bounds
   */
  setProgress(current: number, total: number, options: ProgressOptions | string = {}): void {
    sayProgress(speakerOf(this), [current, total], typeof options === 'string' ? { category: options } : options);
  }

  /** Reports values of the moment (a loss, a rate); those of one category are merged by key. Default category: the step. */
  setMetrics(metrics: Record<string, unknown>, category?: string): void {
    sayMetrics(speakerOf(this), metrics, category);
  }

  /** Writes an event with data into the run's log. @throws StepUsageError when `data` is no object. */
  log(event: string, data: Readonly<Record<string, unknown>> = {}, options: LogLevel | RuntimeLogOptions = {}): void {
    const { level = 'info', file } = typeof options === 'string' ? { level: options } : options;
    sayLog(speakerOf(this), { level, event, data, ...(file !== undefined && { file }) });
  }

  /** Writes a text for people into the run's log: a text, one for each language, or a message code. */
  logMessage(message: Message, options: LogLevel | MessageOptions = {}): void {
    sayLog(speakerOf(this), this[RUNTIME].resolve(message, options));
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
    for (const [field, value] of this[CHANGES]?.entries() ?? Object.entries(this)) {
      if (value !== undefined && !transient.includes(field))
        json[escapeKey(field)] = encodeJson(value, `The context's field '${field}'`);
    }
    return json;
  }

  /** What is logged of a context whose changes are followed: its fields, which do not count as read thereby. */
  [INSPECT](): object {
    const changes = this[CHANGES];
    return changes ? Object.fromEntries(changes.entries()) : this;
  }
}

function speakerOf(context: BaseStepContext): Speaker {
  return { call: context[STEP_CALL], logger: context.runtimeContext.logger };
}

function callOf(context: BaseStepContext, asked: string): StepCall {
  const call = context[STEP_CALL];
  if (call === undefined) {
    throw new StepUsageError('no_step_running', `context.${asked} speaks for a running step, and none is running.`);
  }
  return call;
}
