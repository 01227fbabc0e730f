import { randomUUID } from 'node:crypto';

import {
  PluginError,
  RemoteException,
  type ConnectPluginOptions,
  type PluginSession,
  type PluginTarget,
  type RemoteStep,
} from '@synapse-steps/bridge';
import {
  ContextChanges,
  copyJsonObject,
  STEP_CALL,
  StepResult,
  StepUsageError,
  SynapseStepsError,
  type BaseStepContext,
  type JsonObject,
  type SkipDecision,
  type StepLog,
  type UndoResult,
} from '@synapse-steps/core';

import { PluginRunCall } from './plugin-run-call.js';
import { entriesOfRun, recordOfRun, type RecordedPluginRun } from './plugin-run-record.js';

/** How a plugin was started, so that it can be started again for an undo. */
export interface PluginOrigin {
  readonly target: PluginTarget;
  readonly options: ConnectPluginOptions;
}

/** What an action does with what its plugins say. */
export interface PluginHost {
  /** The context of the step that runs. */
  context(): BaseStepContext;
  /** Hears of undo data before they are saved: what it returns is saved with them. */
  beforeUndo?(context: BaseStepContext, data: JsonObject): Promise<JsonObject>;
  /** Hears of measured values; what it throws fails the plugin's step. */
  onMetrics?(context: BaseStepContext, metrics: Record<string, unknown>, category: string | undefined): void;
  /** What is logged instead. */
  onLog?(context: BaseStepContext, entry: StepLog): StepLog;
}

export interface PluginRunOptions {
  /** For whom the step runs. Default: the step of the action that runs. */
  readonly context?: BaseStepContext;
}

/**
 * A plugin that an action uses inside one of its steps. Its processes end with the run of the action.
 *
 * @example
 * const plugin = await this.plugin({ python: 'train.py' });
 * const { weights_path } = await plugin.run('train', { epochs: 10 });
 */
export class ActionPlugin {
  /** The plugin as the bridge sees it: its steps, its processes. */
  readonly session: PluginSession;
  /** @internal */
  readonly origin: PluginOrigin;
  readonly #host: PluginHost;
  readonly #underWay = new Map<AbortController, Promise<unknown>>();
  #runs = 0;
  #closed: Promise<void> | undefined;

  constructor(session: PluginSession, { origin, host }: { readonly origin: PluginOrigin; readonly host: PluginHost }) {
    this.session = session;
    this.origin = origin;
    this.#host = host;
  }

  get isClosed(): boolean {
    return this.#closed !== undefined;
  }

  /**
   * Runs a step of the plugin inside the step of the action that runs: its progress, metrics, log lines, changes of the
   * context and undo data are that step's, and so is a cancel. Whether it might be skipped is not asked.
   *
   * @param step The step's name in the plugin.
   * @param params JSON; the plugin's step sees them as `context.step_params`, unchanged, and the action's as `context.params`.
   * @typeParam TData What the step's data is. Nobody checks that: where it comes from a plugin of others, parse it by a schema.
   * @returns what the step returned as its data
   * @throws RemoteException when the step failed, PluginError when its plugin did; the run is rolled back unless it is caught
   */
  async run<TData extends object = JsonObject>(
    step: string,
    params: Readonly<Record<string, unknown>> = {},
    options: PluginRunOptions = {},
  ): Promise<TData> {
    const context = options.context ?? this.#host.context();
    const remote = this.session.step(step);
    const stepParams = this.#checked(step, params);
    const id = randomUUID();
    const stop = new AbortController();
    const call = this.#callOf(context, { id, remote, stepParams, stop: stop.signal });
    if (remote.hasRollback || remote.irreversible) {
      await context.saveUndo(recordOfRun(id, { ...this.origin, step, params: stepParams }));
    }
    ContextChanges.of(context); // of the context itself, which outlives this call
    const result = await this.#minded(stop, remote.execute(call.viewOf(context)));
    if (Object.keys(result.rollbackData).length > 0) await call.saveUndo(result.rollbackData as JsonObject);
    if (!result.success) throw this.#failureOf(step, result);
    return result.data as TData;
  }

  /**
   * Asks a step of the plugin whether there is nothing for it to do.
   *
   * @returns true or a reason to skip it
   */
  async canSkip(
    step: string,
    params: Readonly<Record<string, unknown>> = {},
    options: PluginRunOptions = {},
  ): Promise<SkipDecision> {
    const context = options.context ?? this.#host.context();
    const remote = this.session.step(step);
    const call = this.#callOf(context, { id: randomUUID(), remote, stepParams: this.#checked(step, params) });
    ContextChanges.of(context);
    return await remote.canSkip(call.viewOf(context));
  }

  /** @internal Undoes a run of one of its steps. */
  async undo(run: RecordedPluginRun, context: BaseStepContext, result: StepResult): Promise<UndoResult> {
    const remote = this.session.step(run.step);
    if (!remote.hasRollback) return { leftBehind: [`what step '${run.step}' of plugin '${this.session.name}' did`] };
    const undoOf = new StepResult({
      success: result.success,
      data: result.data,
      error: result.error,
      rollbackData: run.undo,
    });
    undoOf.status = result.status;
    const call = this.#callOf(context, { id: run.id, remote, stepParams: run.params });
    ContextChanges.of(context);
    return (await remote.rollback(call.viewOf(context), undoOf)) ?? {};
  }

  /**
   * @internal Resolves when none of its steps is at work any more. One that was given up may be, until its process is
   * ended; nothing may be undone beside it.
   */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#underWay.values());
  }

  /** @internal Cancels what is at work for a step that has ended, and waits for the end of it. */
  async stop(): Promise<void> {
    for (const stop of this.#underWay.keys()) stop.abort(endedError(this.session.name));
    await this.settled();
  }

  /** Ends the plugin's processes. They end with the run of the action anyway. */
  async close(): Promise<void> {
    await (this.#closed ??= this.session.close());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #checked(step: string, params: Readonly<Record<string, unknown>>): JsonObject {
    return copyJsonObject(params, `The params of step '${step}' of plugin '${this.session.name}'`);
  }

  #callOf(context: BaseStepContext, { id, remote, stepParams, stop }: CallOptions): PluginRunCall {
    const around = context[STEP_CALL];
    if (around === undefined) {
      throw new StepUsageError(
        'no_step_running',
        `Step '${remote.name}' of plugin '${this.session.name}' runs inside a step of an action, and none is running.`,
      );
    }
    this.#runs += 1;
    const host = this.#host;
    return new PluginRunCall(around, {
      stepParams,
      ...(stop && { stop }),
      key: `${remote.name}#${this.#runs}`,
      ears: {
        saveUndo: async (data) => {
          this.#assertUndoable(remote);
          const more = await host.beforeUndo?.(context, data);
          await context.saveUndo({ ...more, ...entriesOfRun(id, data) });
        },
        onMetrics: (metrics, category) => host.onMetrics?.(context, metrics, category),
        onLog: (entry) => host.onLog?.(context, entry) ?? entry,
      },
    });
  }

  async #minded<T>(stop: AbortController, work: Promise<T>): Promise<T> {
    this.#underWay.set(stop, work);
    try {
      return await work;
    } finally {
      this.#underWay.delete(stop);
    }
  }

  #assertUndoable(remote: RemoteStep): void {
    if (remote.hasRollback) return;
    throw new StepUsageError(
      'undo_without_rollback',
      `The step '${remote.name}' of plugin '${this.session.name}' saves undo data but has no rollback that would use it. Give it one.`,
    );
  }

  #failureOf(step: string, { error, cause }: StepResult): unknown {
    if (cause instanceof Error && (error === null || error === cause.message)) return cause;
    if (cause instanceof RemoteException && error !== null)
      return inWordsOfStep(cause, { error, step, plugin: this.session.name });
    const message = error ?? `Step '${step}' of plugin '${this.session.name}' failed and gave no reason.`;
    return new PluginError({ kind: 'step_failed', plugin: this.session.name, step, message });
  }
}

/** The step says more than its exception: of a KeyError, whose own words are a key, also what it is. */
function inWordsOfStep(
  { name: type, stack, cause }: RemoteException,
  { error, step, plugin }: { readonly error: string; readonly step: string; readonly plugin: string },
): RemoteException {
  return new RemoteException({ plugin, step, type, message: error, traceback: stack?.split('\n') ?? [], cause });
}

interface CallOptions {
  readonly id: string;
  readonly remote: RemoteStep;
  readonly stepParams: JsonObject;
  readonly stop?: AbortSignal;
}

function endedError(plugin: string): SynapseStepsError {
  return new SynapseStepsError({
    code: 'step_ended',
    message: `The step ended for which plugin '${plugin}' was still at work. Await what its run() returns.`,
  });
}
