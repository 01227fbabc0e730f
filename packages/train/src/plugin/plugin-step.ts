import type { ConnectPluginOptions } from '@synapse-steps/bridge';
import {
  BaseStep,
  StepResult,
  type BaseStepContext,
  type JsonObject,
  type SkipDecision,
  type UndoResult,
} from '@synapse-steps/core';

import type { ActionPlugin } from './action-plugin.js';
import type { ActionPlugins, ActionPluginTarget } from './action-plugins.js';

/** Which step of a plugin it is, and what is to be said about it, as in a workflow file. */
export interface PluginStepOptions {
  /** Its name in the plugin. */
  readonly step: string;
  /** Its name in the action. Default: the same. */
  readonly name?: string;
  /** Its share of the progress. Default 0.1. */
  readonly weight?: number;
  /** Its own params, seen as `context.step_params`. */
  readonly with?: JsonObject;
}

export interface PluginStepSource {
  readonly plugins: ActionPlugins;
  readonly target: ActionPluginTarget;
  readonly connect: ConnectPluginOptions;
}

/** A step of a plugin as a step of an action; the plugin is started when its turn has come. */
export class PluginStep<TContext extends BaseStepContext> extends BaseStep<TContext> {
  readonly name: string;
  readonly progressWeight: number;
  /** Endless here: a plugin has a grace of its own, and is ended after it. */
  override readonly cancelGraceMs = Infinity;
  readonly #source: PluginStepSource;
  readonly #options: PluginStepOptions;
  #plugin: ActionPlugin | undefined;

  constructor(source: PluginStepSource, options: PluginStepOptions) {
    super();
    this.#source = source;
    this.#options = options;
    this.name = options.name ?? options.step;
    this.progressWeight = options.weight ?? 0.1;
  }

  override async canSkip(context: TContext): Promise<SkipDecision> {
    return await this.#withPlugin(context, (plugin) => plugin.canSkip(this.#options.step, this.#options.with));
  }

  async execute(context: TContext): Promise<StepResult> {
    const data = await this.#withPlugin(context, (plugin) => plugin.run(this.#options.step, this.#options.with));
    return StepResult.ok({ data });
  }

  override async rollback(context: TContext, result: StepResult): Promise<UndoResult> {
    return await this.#source.plugins.undo(context, result);
  }

  async #withPlugin<T>(context: TContext, use: (plugin: ActionPlugin) => Promise<T>): Promise<T> {
    const { plugins, target, connect } = this.#source;
    return await plugins.usedBy(context, async () => {
      if (this.#plugin === undefined || this.#plugin.isClosed) this.#plugin = await plugins.open(target, connect);
      return await use(this.#plugin);
    });
  }
}
