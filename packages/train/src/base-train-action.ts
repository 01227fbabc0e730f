import { join } from 'node:path';

import type { ConnectPluginOptions } from '@synapse-steps/bridge';
import {
  BaseAction,
  StepRegistry,
  StepUsageError,
  type BaseStep,
  type OrchestratorOptions,
  type PreparedAction,
  type RunReport,
  type RuntimeContext,
} from '@synapse-steps/core';
import { defaultCacheFolder } from '@synapse-steps/datasets';
import { z } from 'zod';

import { fetchCheckpoint } from './checkpoint/fetch-checkpoint.js';
import { lentCheckpoint } from './checkpoint/lent-checkpoint.js';
import { TellingStep } from './failure/telling-step.js';
import type { ActionPlugin } from './plugin/action-plugin.js';
import { ActionPlugins, type ActionPluginTarget } from './plugin/action-plugins.js';
import { PluginStep, type PluginStepOptions } from './plugin/plugin-step.js';
import { ConvertStep } from './steps/convert-step.js';
import { DatasetStep } from './steps/dataset-step.js';
import { ModelUploadStep } from './steps/model-upload-step.js';
import { requireDataset } from './steps/require-dataset.js';
import { TrainStep, type Trainer, type TrainStepOptions } from './steps/train-step.js';
import { TrainContext, type Checkpoint } from './train-context.js';
import { TrainError } from './train-error.js';
import { trainMessages } from './train-messages.js';
import { foldHyperparameters, trainParamsSchema } from './train-params.js';
import { trainProportions } from './train-proportions.js';
import { trainResult, type TrainResult } from './train-result.js';
import { hearTrainer } from './training/hear-trainer.js';
import type { MonitorOptions } from './training/metric-monitor.js';

/**
 * A training: a data set comes from the backend, is converted for the trainer, `execute` trains, and the model is
 * registered. When a step fails, no model is left.
 *
 * `TParams` is the type of the params' schema, `TValue` what `execute` returns; it is in the result as `value`.
 *
 * @example
 * const Params = BaseTrainAction.params.extend({ epochs: z.int().default(10) });
 * class PenguinTrainer extends BaseTrainAction<typeof Params> {
 *   static override readonly params = Params;
 *   static override readonly targetFormat = 'imagefolder';
 *   override async execute(dataPath: string) {
 *     return { weightsPath: await train(dataPath, this.params.epochs) };
 *   }
 * }
 */
export class BaseTrainAction<TParams extends z.ZodType = typeof trainParamsSchema, TValue = unknown>
  extends BaseAction<TParams, TrainContext, TrainResult<TValue>, TValue>
  implements Trainer<TValue>
{
  static override readonly params = trainParamsSchema;
  static override readonly proportions: Readonly<Record<string, number>> = trainProportions;
  /** What the data set is converted to before `execute` gets it. Undefined: it stays as the backend has it. */
  static readonly targetFormat: string | undefined = undefined;
  /**
   * Which metric says how good a model is: by it the best checkpoint is registered where `execute` returns no weights, and
   * with a `patience` the trainer is asked to stop when it gets no better.
   */
  static readonly monitor: MonitorOptions | undefined = undefined;

  readonly #plugins = new ActionPlugins(hearTrainer(() => this.#contextOfRun()));
  #context: TrainContext | undefined;
  #stopReason: string | undefined;
  #trainStep: TrainStep<TValue> | undefined;

  /**
   * Trains.
   *
   * @param _dataPath What a trainer reads first (`dataset.yaml`, `classes.txt`, …), or the folder of the data set.
   * @param _checkpoint The model to start from, if there is one.
   * @returns anything; its `weightsPath`, a file or a folder, is what is registered as the model
   */
  override execute(
    _dataPath: string,
    _checkpoint: Checkpoint | undefined,
    _context: TrainContext,
  ): TValue | Promise<TValue> {
    throw new TrainError({
      code: 'configuration',
      message: `${this.name} does not say how to train. Override execute(dataPath, checkpoint, context), or setupSteps().`,
    });
  }

  /** Registers `dataset`, `convert` (with a `targetFormat`), `train` and `model_upload`. */
  override setupSteps(registry: StepRegistry<TrainContext>): void {
    const { targetFormat } = this.constructor as typeof BaseTrainAction;
    const cacheFolder = join(this.cacheFolder(), 'datasets');
    registry.register(new DatasetStep({ cacheFolder }));
    if (targetFormat !== undefined) registry.register(new ConvertStep({ targetFormat, cacheFolder }));
    registry.register(this.trainStep()).register(new ModelUploadStep());
  }

  /** The model to start from: what the host lends, else that of the param `checkpoint`. */
  async getCheckpoint(context: TrainContext): Promise<Checkpoint | undefined> {
    const { runtimeContext, trainParams, signal } = context;
    const lent = lentCheckpoint(runtimeContext);
    if (lent !== undefined || trainParams.checkpoint === null) return lent;
    const cacheFolder = join(this.cacheFolder(), 'models');
    return await fetchCheckpoint(trainParams.checkpoint, { client: context.client, signal, cacheFolder });
  }

  /**
   * Where data sets and models that were downloaded are kept for the next run. Default: `synapse-steps` in
   * `$XDG_CACHE_HOME`, or in `~/.cache`.
   */
  cacheFolder(): string {
    return defaultCacheFolder(this.runtimeContext);
  }

  /**
   * Asks the trainer to come to an end with what it has, after its epoch (it looks at `context.stopRequested`, or for the
   * stop file). What it returns then is the result. To take everything back, cancel the run instead.
   */
  requestStop(reason = 'it was asked to stop'): void {
    this.#stopReason = reason;
    this.#context?.requestStop(reason);
  }

  override async run(options: OrchestratorOptions<TrainContext> = {}): Promise<TrainResult<TValue>> {
    try {
      return await super.run(options);
    } finally {
      await this.#plugins.close();
    }
  }

  override async prepare(
    options: { readonly checkParams?: boolean } = {},
  ): Promise<PreparedAction<TrainContext, TrainResult<TValue>>> {
    const prepared = await this.#prepareSteps(options);
    if (options.checkParams ?? true) requireDataset(prepared);
    this.#context = prepared.context;
    if (this.#stopReason !== undefined) this.#context.requestStop(this.#stopReason);
    const registry = new StepRegistry<TrainContext>().setProportions(prepared.registry.proportions);
    for (const step of prepared.registry) registry.register(new TellingStep(step));
    return { ...prepared, registry };
  }

  /** The step that trains; it is named `train`. */
  protected trainStep(): TrainStep<TValue> {
    return this.#trainBy(this);
  }

  /**
   * A plugin whose step trains: return it from `trainStep()`. That step sees `data_path`, `checkpoint` and `stop_file` as its
   * `context.step_params`, and the action's params as `context.params`; what it returns as data is the value.
   *
   * @param step Its name in the plugin.
   * @example
   * protected override trainStep() {
   *   return this.trainInPlugin({ python: 'train.py' });
   * }
   */
  protected trainInPlugin(
    target: ActionPluginTarget,
    step = 'train',
    options: ConnectPluginOptions = {},
  ): TrainStep<TValue> {
    const trainer: Trainer<TValue> = {
      getCheckpoint: (context) => this.getCheckpoint(context),
      rollback: (context, result) => this.rollback(context, result),
      execute: async (dataPath, checkpoint, { stopFile }) => {
        const plugin = await this.plugin(target, options);
        const params = { data_path: dataPath, checkpoint: checkpoint ?? null, stop_file: stopFile };
        return (await plugin.run(step, params)) as TValue;
      },
    };
    return this.#trainBy(trainer, { cancelGraceMs: Infinity }); // the plugin has a grace of its own, and is ended after it
  }

  /**
   * A step of a plugin as one more step of this action.
   *
   * @example
   * registry.insertBefore('train', this.pluginStep({ python: 'clean.py' }, { step: 'clean', with: { size: 28 } }));
   */
  protected pluginStep(
    target: ActionPluginTarget,
    options: PluginStepOptions,
    connect: ConnectPluginOptions = {},
  ): BaseStep<TrainContext> {
    return new PluginStep({ plugins: this.#plugins, target, connect }, options);
  }

  /**
   * Starts a plugin whose steps `execute`, or a step of this action, can run: a file of Python steps, or any program that
   * speaks the protocol. Its processes end with the run. Paths are relative to the run's working directory; beside this file
   * is `new URL('./train.py', import.meta.url)`.
   *
   * @throws PluginError when it cannot be started or is no plugin
   * @example
   * const plugin = await this.plugin({ python: 'train.py' });
   * return plugin.run('train', { dataPath, epochs: this.params.epochs });
   */
  protected async plugin(target: ActionPluginTarget, options?: ConnectPluginOptions): Promise<ActionPlugin> {
    return await this.#plugins.open(target, options);
  }

  protected override paramsSchema(): z.ZodType {
    return z.preprocess(foldHyperparameters, super.paramsSchema() ?? trainParamsSchema);
  }

  protected override get executesWhole(): boolean {
    return false;
  }

  protected override createContext(runtimeContext: RuntimeContext): TrainContext {
    return new TrainContext(runtimeContext);
  }

  protected override createResult(report: RunReport, context: TrainContext): TrainResult<TValue> {
    const value = this.#trainStep === undefined ? dataOfTrain(report) : this.#trainStep.valueIn(report);
    return trainResult(report, context, value as TValue);
  }

  #trainBy(trainer: Trainer<TValue>, options: TrainStepOptions = {}): TrainStep<TValue> {
    const { monitor } = this.constructor as typeof BaseTrainAction;
    return (this.#trainStep = new TrainStep(trainer, { monitor, plugins: this.#plugins, ...options }));
  }

  #contextOfRun(): TrainContext {
    if (this.#context !== undefined) return this.#context;
    throw new StepUsageError('no_step_running', `A plugin of ${this.name} is used by its steps, and none is running.`);
  }

  async #prepareSteps(options: {
    readonly checkParams?: boolean;
  }): Promise<PreparedAction<TrainContext, TrainResult<TValue>>> {
    try {
      return await super.prepare(options);
    } catch (error) {
      if (!(StepUsageError.is(error) && error.code === 'no_steps')) throw error;
      this.logMessage(trainMessages.codes.TRAIN_FAILED_CONFIG, { values: { error: error.message } });
      throw error;
    }
  }
}

function dataOfTrain(report: RunReport): unknown {
  return report.steps.find(({ name }) => name === 'train')?.data;
}
