import { join } from 'node:path';
import { RuntimeContext } from '@synapse-steps/core';
import { DigitsTrainer } from '../action/digits-trainer.js';
import type { Options } from './options.js';
import type { Stage } from './stage.js';
import type { TrainingLines } from './training-lines.js';

export interface TrainingOptions extends Pick<Options, 'trainer'> {
  /** The data set's version. */
  readonly dataset: number;
  /** Of the model, and of the folder for its weights. */
  readonly name: string;
  /** The model to start from. */
  readonly checkpoint?: number;
  readonly logger: TrainingLines;
}

/** Trains, and shows how it goes. @throws StepFailedError when a step failed; all is undone then */
export async function runTraining(stage: Stage, { logger, ...options }: TrainingOptions) {
  const { client, folder } = stage;
  const env = { XDG_CACHE_HOME: join(folder, 'cache') }; // data sets and models are kept there, for this example only
  const runtimeContext = new RuntimeContext({ client, env, logger });
  const params = { ...options, splits: { train: {}, test: {} }, output: folderOf(stage, options.name) };
  return await new DigitsTrainer(params, runtimeContext).run();
}

/** What a training of that name writes. */
export function folderOf({ folder }: Stage, name: string): string {
  return join(folder, 'weights', name);
}
