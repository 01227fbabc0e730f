import {
  BaseAction,
  StepRegistry,
  StepUsageError,
  type PreparedAction,
  type RunReport,
  type RuntimeContext,
} from '@synapse-steps/core';
import { z } from 'zod';

import { TellingStep } from './failure/telling-step.js';
import { TrainStep, type Trainer } from './steps/train-step.js';
import { TrainContext, type Checkpoint } from './train-context.js';
import { TrainError } from './train-error.js';
import { trainMessages } from './train-messages.js';
import { foldHyperparameters, trainParamsSchema } from './train-params.js';
import { trainResult, type TrainResult } from './train-result.js';

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
  /** What the data set is converted to before `execute` gets it. Undefined: it stays as the backend has it. */
  static readonly targetFormat: string | undefined = undefined;

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

  override setupSteps(registry: StepRegistry<TrainContext>): void {
    registry.register(this.trainStep());
  }

  /** The model to start from: what the host lends, else that of the param `checkpoint`. */
  async getCheckpoint(context: TrainContext): Promise<Checkpoint | undefined> {
    return context.runtimeContext.checkpoint as Checkpoint | undefined;
  }

  override async prepare(
    options: { readonly checkParams?: boolean } = {},
  ): Promise<PreparedAction<TrainContext, TrainResult<TValue>>> {
    const prepared = await this.#prepareSteps(options);
    const registry = new StepRegistry<TrainContext>();
    for (const step of prepared.registry) registry.register(new TellingStep(step));
    return { ...prepared, registry };
  }

  /** The step that trains; it is named `train`. */
  protected trainStep(): TrainStep<TValue> {
    return (this.#trainStep = new TrainStep(this));
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
    const value = this.#trainStep?.valueIn(report) ?? dataOfTrain(report);
    return trainResult(report, context, value as TValue);
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
