import { join } from 'node:path';
import { RuntimeContext } from '@synapse-steps/core';
import { DigitsTrainer } from '../action/digits-trainer.js';
import type { Options } from './options.js';
import type { Stage } from './stage.js';
import { TrainingLines } from './training-lines.js';

export interface TrainingOptions extends Pick<Options, 'trainer'> {
  /** The data set's version. */
  readonly dataset: number;
  /** Of the model, and of the folder for its weights. */
  readonly name: string;
  /** The model to start from. */
  readonly checkpoint?: number;
  readonly logger?: TrainingLines;
}

/** Trains, and shows how it goes. @throws StepFailedError when a step failed; all is undone then */
export async function runTraining({ client, folder }: Stage, { logger, ...options }: TrainingOptions) {
  const runtimeContext = new RuntimeContext({ client, logger: logger ?? new TrainingLines() });
  const params = { ...options, splits: { train: {}, test: {} }, output: join(folder, 'weights', options.name) };
  return await new DigitsTrainer(params, runtimeContext).run();
}
