import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { connectPlugin, type ConnectPluginOptions, type PluginTarget } from '@synapse-steps/bridge';
import { errorMessage, STEP_CALL, type BaseStepContext, type StepResult, type UndoResult } from '@synapse-steps/core';

import { undoAll } from '../undo-all.js';
import { ActionPlugin, type PluginHost, type PluginOrigin } from './action-plugin.js';
import { durableOptions, recordedRuns, type RecordedPluginRun } from './plugin-run-record.js';

/** A plugin by its file (or module), by that of a URL, or by its command. */
export type ActionPluginTarget = PluginTarget | { readonly python: URL; readonly interpreter?: string };

/** The plugins of an action: started when they are asked for, ended with its run, started again for an undo. */
export class ActionPlugins {
  readonly #host: PluginHost;
  readonly #open = new Set<ActionPlugin>();
  #speaker: BaseStepContext | undefined;
  #closing: Promise<unknown> = Promise.resolve();

  constructor(host: PluginHost) {
    this.#host = Object.create(host, { context: { value: () => this.#speaker ?? host.context() } }) as PluginHost;
  }

  /**
   * While `work` goes on, plugins run for the step to which this context belongs: it may be a view, with a signal of its own.
   * What of them is still at work behind it is cancelled.
   */
  async usedBy<T>(context: BaseStepContext, work: () => T | Promise<T>): Promise<T> {
    const before = this.#speaker;
    this.#speaker = context;
    try {
      return await work();
    } finally {
      await Promise.all([...this.#open].map((plugin) => plugin.stop()));
      this.#speaker = before;
    }
  }

  /** Starts a plugin in the working directory of the run. @throws PluginError when it cannot be started or is none */
  async open(target: ActionPluginTarget, options: ConnectPluginOptions = {}): Promise<ActionPlugin> {
    const context = this.#host.context();
    this.#closeWithRun(context);
    const { signal = context.signal, ...lasting } = options; // an undo has a signal of its own
    const cwd = resolve(context.runtimeContext.workDir, options.cwd ?? '.');
    return await this.#connect({ target: plainTarget(target), options: { ...lasting, cwd } }, signal);
  }

  /**
   * Undoes the steps of plugins that ran inside a step, newest first, each in its plugin: the one that is still open, or
   * one that is started again as it was.
   *
   * @throws PluginError of the first that failed, after all were tried
   */
  async undo(context: BaseStepContext, result: StepResult): Promise<UndoResult> {
    this.#closeWithRun(context);
    await Promise.all([...this.#open].map((plugin) => plugin.settled()));
    return await undoAll(
      recordedRuns(result.rollbackData).map((run) => async () => {
        const plugin = await this.#pluginOf(run, context);
        return await plugin.undo(run, context, result);
      }),
    );
  }

  /** Ends all that is open. Resolves when nothing of it is left. */
  async close(): Promise<void> {
    const open = [...this.#open];
    this.#open.clear();
    this.#closing = Promise.all([this.#closing, ...open.map((plugin) => plugin.close())]);
    await this.#closing;
  }

  async #connect(origin: PluginOrigin, signal: AbortSignal): Promise<ActionPlugin> {
    const session = await connectPlugin(origin.target, { ...origin.options, signal });
    const plugin = new ActionPlugin(session, { origin, host: this.#host });
    this.#open.add(plugin);
    return plugin;
  }

  /** Secrets that were given as values are known only to those who gave them: this very process. */
  async #pluginOf(run: RecordedPluginRun, { signal }: BaseStepContext): Promise<ActionPlugin> {
    const wanted = JSON.stringify([run.target, run.options]);
    const known = [...this.#open].filter(({ origin: { target, options } }) => {
      return JSON.stringify([target, durableOptions(options)]) === wanted;
    });
    const alive = known.find(({ isClosed }) => !isClosed);
    return alive ?? (await this.#connect(known[0]?.origin ?? { target: run.target, options: run.options }, signal));
  }

  #closeWithRun(context: BaseStepContext): void {
    context[STEP_CALL]?.control?.onRunEnd(this.#onRunEnd); // heard once for a run, however often it is given
  }

  readonly #onRunEnd = (): void => {
    const { runtimeContext } = this.#host.context();
    this.close().catch((error: unknown) => {
      runtimeContext.logMessage(`A plugin could not be ended: ${errorMessage(error)}`, 'warning');
    });
  };
}

function plainTarget(target: ActionPluginTarget): PluginTarget {
  if (!('python' in target) || typeof target.python === 'string') return target as PluginTarget;
  return { ...target, python: fileURLToPath(target.python) };
}
