import {
  BaseStep,
  type BaseStepContext,
  errorMessage,
  type JsonObject,
  type PatchOperation,
  StepResult,
  type UndoResult,
} from '@synapse-steps/core';
import { ContextRelay, type Unkept } from './context-relay.js';
import type { StepDescription } from './protocol/describe.js';
import type { ExecuteResult, RollbackResult, StepCause } from './protocol/step-call.js';
import { PluginError } from './session/plugin-error.js';
import { RemoteException } from './session/remote-exception.js';
import type { StepCaller } from './session/step-caller.js';

/**
 * A step that runs in a plugin. To a registry and an orchestrator it is a step like any other: the context goes out as a
 * snapshot and comes back as a patch, undo data is saved here before the plugin goes on, and the run's signal cancels it.
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
  override readonly onInterrupt: 'undo-then-retry' | 'retry' | 'hold' | undefined;
  /** What the plugin says of the step. */
  readonly description: StepDescription;
  /** The name of the plugin. */
  readonly plugin: string;
  readonly #caller: StepCaller;

  constructor(caller: StepCaller, description: StepDescription) {
    super();
    this.#caller = caller;
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

  override async canSkip(context: BaseStepContext): Promise<boolean | string> {
    if (!this.description.can_skip) return false;
    try {
      const relay = new ContextRelay(context);
      const request = this.#callOf(context, relay, {});
      const answer = await this.#caller.call({ ...request, method: 'can_skip' }, (call) => relay.attach(call));
      throwIfAny(await relay.settled());
      return answer.skip && (answer.reason ?? true);
    } catch (error) {
      if (PluginError.is(error) && error.code === 'method_not_found') return false;
      throw error;
    }
  }

  async execute(context: BaseStepContext): Promise<StepResult<JsonObject>> {
    const relay = new ContextRelay(context);
    const deadlineMs = this.description.timeout_ms ?? undefined;
    const { attempt, idempotencyKey } = context;
    const request = this.#callOf(context, relay, {
      attempt,
      idempotency_key: idempotencyKey,
      deadline_ms: deadlineMs ?? null,
    });
    let answer: ExecuteResult;
    try {
      answer = await this.#caller.call({ ...request, method: 'execute', deadlineMs }, (call) => relay.attach(call));
    } catch (error) {
      throw this.#failureOf(context, error, await relay.settled());
    }
    return this.#takeAnswer(context, answer, await relay.settled());
  }

  override async rollback(context: BaseStepContext, result: StepResult): Promise<UndoResult | void> {
    if (!this.description.rollback) return;
    const relay = new ContextRelay(context);
    const { rollbackCause } = context;
    const request = this.#callOf(context, relay, {
      attempt: context.attempt,
      idempotency_key: context.idempotencyKey,
      undo_attempt: Math.max(1, context.undoAttempt),
      result: { status: result.status ?? 'unknown', data: result.data, error: result.error },
      undo: result.rollbackData,
      cause: rollbackCause
        ? { name: rollbackCause.name, message: rollbackCause.message, code: rollbackCause.code }
        : null,
    });
    const answer = await this.#caller.call({ ...request, method: 'rollback' }, (call) => relay.attach(call));
    const unkept = await relay.settled();
    context.patch(answer.patch as PatchOperation[]);
    throwIfAny(unkept);
    return this.#undoResult(answer);
  }

  /** What all three calls have in common; `more` are the params of the one. */
  #callOf(context: BaseStepContext, listener: ContextRelay, more: Record<string, unknown>) {
    const common = { run_id: context.runId, step: this.name, params: context.params, step_params: context.stepParams };
    return {
      step: this.name,
      params: () => ({
        ...common,
        ...more,
        context: { rev: this.#caller.nextRevision(), full: context.toJSON() },
      }),
      listener,
      signal: context.signal,
      hangTimeoutMs: this.description.hang_timeout_ms ?? undefined,
      ...(this.description.cancel_grace_ms !== null && { cancelGraceMs: this.description.cancel_grace_ms }),
    };
  }

  /** The changes of a step that was cancelled count; one that is refused is told, and hides nothing. */
  #failureOf(context: BaseStepContext, error: unknown, unkept: Unkept | undefined): unknown {
    if (!PluginError.is(error)) return error;
    try {
      context.patch(error.patch as PatchOperation[]);
    } catch (refusal) {
      const text = errorMessage(refusal);
      context.logMessage(`A change of the context by the cancelled step was refused: ${text}`, 'warning');
    }
    // a step that was stopped because of what it reported failed for that; unless nobody knows how far it came
    return unkept === undefined || error.outcomeUnknown ? error : unkept.error;
  }

  /** What cannot be applied or kept fails the step, but not without the undo data that came with its answer. */
  #takeAnswer(context: BaseStepContext, answer: ExecuteResult, unkept: Unkept | undefined): StepResult<JsonObject> {
    const data = answer.data ?? {};
    const rollbackData = (answer.undo ?? {}) as JsonObject;
    try {
      context.patch(answer.patch as PatchOperation[]);
    } catch (error) {
      const text = `its change of the context was refused: ${errorMessage(error)}`;
      return StepResult.fail(text, { data, rollbackData, cause: error });
    }
    if (unkept !== undefined) {
      return StepResult.fail(errorMessage(unkept.error), { data, rollbackData, cause: unkept.error });
    }
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

function throwIfAny(unkept: Unkept | undefined): void {
  if (unkept !== undefined) throw unkept.error;
}

/** Nobody may repeat a pivot unasked, unless it says itself that it is idempotent. */
function onInterruptOf({ pivot, on_interrupt }: StepDescription): RemoteStep['onInterrupt'] {
  return pivot && on_interrupt !== 'retry' ? 'hold' : (on_interrupt ?? undefined);
}
