import {
  BaseStep,
  type BaseStepContext,
  errorMessage,
  type JsonObject,
  type PatchOperation,
  StepResult,
  type UndoResult,
} from '@synapse-steps/core';
import type { Unkept } from './context-relay.js';
import type { ContextExchange } from './context-sync/context-exchange.js';
import type { StepDescription } from './protocol/describe.js';
import type { ExecuteResult, RollbackResult, StepCause } from './protocol/step-call.js';
import { RemoteCall, type RemoteTarget, type SaidWith } from './remote-call.js';
import { PluginError } from './session/plugin-error.js';
import { RemoteException } from './session/remote-exception.js';
import type { StepCaller } from './session/step-caller.js';

/**
 * A step that runs in a plugin. To a registry and an orchestrator it is a step like any other: the context goes out, whole
 * or as what has changed in it, and comes back as a patch, undo data is saved here before the plugin goes on, and the run's
 * signal cancels it.
 */
export class RemoteStep extends BaseStep {
  readonly name: string;
  readonly progressWeight: number;
  override readonly title: string | undefined;
  override readonly irreversible: boolean;
  override readonly pivot: boolean;
  override readonly optional: boolean;
  override readonly rollbackOwnFailure: boolean;
  /** Endless here: the session ends a call that outlives its own grace, with its process, and the run waits for that. */
  override readonly cancelGraceMs = Infinity;
  /** It gets a copy of the context. */
  override readonly remote = true;
  override readonly onInterrupt: 'undo-then-retry' | 'retry' | 'hold' | undefined;
  /** What the plugin says of the step. */
  readonly description: StepDescription;
  /** The name of the plugin. */
  readonly plugin: string;
  readonly #target: RemoteTarget;

  constructor(caller: StepCaller, description: StepDescription) {
    super();
    this.#target = { caller, description };
    this.description = description;
    this.plugin = caller.name;
    this.name = description.name;
    this.progressWeight = description.weight;
    this.title = description.title ?? undefined;
    this.irreversible = description.irreversible;
    this.pivot = description.pivot;
    this.optional = description.optional;
    this.rollbackOwnFailure = description.rollback_own_failure;
    this.onInterrupt = onInterruptOf(description);
  }

  override get hasRollback(): boolean {
    return this.description.rollback;
  }

  override canSkip(context: BaseStepContext): boolean | Promise<boolean | string> {
    return this.description.can_skip && this.#askWhetherToSkip(context);
  }

  async #askWhetherToSkip(context: BaseStepContext): Promise<boolean | string> {
    const call = new RemoteCall(this.#target, context);
    const { runId, params, stepParams } = context;
    try {
      const answer = await call.make('can_skip', (sent) => ({
        run_id: runId,
        step: this.name,
        params,
        step_params: stepParams,
        context: sent,
      }));
      throwIfAny(await call.settled());
      call.exchange.succeeded();
      return answer.skip && (answer.reason ?? true);
    } catch (error) {
      if (PluginError.is(error) && error.code === 'method_not_found') return false;
      throw failureOf(error, await call.settled());
    }
  }

  async execute(context: BaseStepContext): Promise<StepResult<JsonObject>> {
    const call = new RemoteCall(this.#target, context);
    const deadlineMs = this.description.timeout_ms ?? undefined;
    let answer: ExecuteResult;
    try {
      answer = await call.make('execute', this.#executeParams(context, deadlineMs), deadlineMs);
    } catch (error) {
      const unkept = await call.settled();
      if (PluginError.is(error)) this.#takeChanges(error, { context, exchange: call.exchange });
      throw failureOf(error, unkept);
    }
    return this.#takeAnswer(call.exchange, answer, await call.settled());
  }

  /** Written out, as in all three calls: objects that are put together of others cost several times as much. */
  #executeParams(context: BaseStepContext, deadlineMs: number | undefined): SaidWith {
    const { runId, params, stepParams, attempt, idempotencyKey } = context;
    return (sent) => ({
      run_id: runId,
      step: this.name,
      params,
      step_params: stepParams,
      attempt,
      idempotency_key: idempotencyKey,
      deadline_ms: deadlineMs ?? null,
      context: sent,
    });
  }

  override async rollback(context: BaseStepContext, result: StepResult): Promise<UndoResult | void> {
    if (!this.description.rollback) return;
    const call = new RemoteCall(this.#target, context);
    const { runId, params, stepParams, attempt, idempotencyKey, undoAttempt, rollbackCause: cause } = context;
    const { status = 'unknown', data, error, rollbackData } = result;
    const answer = await call.make('rollback', (sent) => ({
      run_id: runId,
      step: this.name,
      params,
      step_params: stepParams,
      attempt,
      idempotency_key: idempotencyKey,
      undo_attempt: Math.max(1, undoAttempt),
      result: { status, data, error },
      undo: rollbackData,
      cause: cause ? { name: cause.name, message: cause.message, code: cause.code } : null,
      context: sent,
    }));
    const unkept = await call.settled();
    call.exchange.apply(answer.patch as PatchOperation[]);
    throwIfAny(unkept);
    call.exchange.succeeded();
    return this.#undoResult(answer);
  }

  /** The changes of a step that was cancelled count; one that is refused is told, and hides nothing. */
  #takeChanges(
    error: PluginError,
    { context, exchange }: { readonly context: BaseStepContext; readonly exchange: ContextExchange },
  ): void {
    try {
      exchange.apply(error.patch as PatchOperation[]);
    } catch (refusal) {
      const text = errorMessage(refusal);
      context.logMessage(`A change of the context by the cancelled step was refused: ${text}`, 'warning');
    }
  }

  /** What cannot be applied or kept fails the step, but not without the undo data that came with its answer. */
  #takeAnswer(exchange: ContextExchange, answer: ExecuteResult, unkept: Unkept | undefined): StepResult<JsonObject> {
    const data = answer.data ?? {};
    const rollbackData = (answer.undo ?? {}) as JsonObject;
    try {
      exchange.apply(answer.patch as PatchOperation[]);
    } catch (error) {
      const text = `its change of the context was refused: ${errorMessage(error)}`;
      return StepResult.fail(text, { data, rollbackData, cause: error });
    }
    if (unkept !== undefined) {
      return StepResult.fail(errorMessage(unkept.error), { data, rollbackData, cause: unkept.error });
    }
    exchange.succeeded();
    if (!answer.success) {
      const cause = this.#causeOf(answer.cause);
      const message = answer.error ?? answer.cause?.message ?? 'the plugin gave no reason';
      return StepResult.fail(message, { data, rollbackData, ...(cause && { cause }) });
    }
    if (!answer.skipped) return StepResult.ok({ data, rollbackData });
    return new StepResult({
      skipped: true,
      data,
      rollbackData,
      ...(answer.skip_reason !== null && { skipReason: answer.skip_reason }),
    });
  }

  #undoResult(answer: RollbackResult): UndoResult {
    const leftBehind = answer.left_behind;
    switch (answer.outcome) {
      case 'undone':
      case 'nothing-to-undo':
        return { leftBehind };
      case 'irreversible':
        return { leftBehind: leftBehind.length > 0 ? leftBehind : [answer.error ?? `what step '${this.name}' did`] };
      case 'failed': {
        const cause = this.#causeOf(answer.cause);
        throw new PluginError({
          kind: 'step_failed',
          plugin: this.plugin,
          step: this.name,
          message: `The undo of step '${this.name}' failed in plugin '${this.plugin}': ${answer.error ?? cause?.message ?? 'no reason given'}`,
          ...(cause && { cause }),
        });
      }
    }
  }

  #causeOf(cause: StepCause | null): RemoteException | undefined {
    return cause === null ? undefined : new RemoteException({ plugin: this.plugin, step: this.name, ...cause });
  }
}

/** A call that was stopped because of what it reported failed for that; unless nobody knows how far it came. */
function failureOf(error: unknown, unkept: Unkept | undefined): unknown {
  return unkept === undefined || !PluginError.is(error) || error.outcomeUnknown ? error : unkept.error;
}

function throwIfAny(unkept: Unkept | undefined): void {
  if (unkept !== undefined) throw unkept.error;
}

/** Nobody may repeat a pivot unasked, unless it says itself that it is idempotent. */
function onInterruptOf({ pivot, on_interrupt }: StepDescription): RemoteStep['onInterrupt'] {
  return pivot && on_interrupt !== 'retry' ? 'hold' : (on_interrupt ?? undefined);
}
