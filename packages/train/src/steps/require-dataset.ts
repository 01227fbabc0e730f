import { InvalidParamsError, type BaseStep } from '@synapse-steps/core';

import type { TrainContext } from '../train-context.js';
import { DatasetStep } from './dataset-step.js';

export interface RequireDatasetOptions {
  readonly registry: Iterable<BaseStep<TrainContext>>;
  readonly context: TrainContext;
  /** Whose params they are. */
  readonly name: string;
}

/**
 * Which data set is to be downloaded has to be said where one is: known before anything runs.
 *
 * @throws InvalidParamsError
 */
export function requireDataset({ registry, context, name }: RequireDatasetOptions): void {
  const { dataset = null } = context.trainParams;
  if (dataset !== null || ![...registry].some((step) => step instanceof DatasetStep)) return;
  const message =
    "the id of a data set is expected, and there is none. To train on a folder of this machine, replace the step 'dataset' by a LocalDatasetStep";
  throw new InvalidParamsError([{ path: ['dataset'], message, code: 'invalid_type' }], `The params of ${name}`);
}
