import type { TrainContext, TrainDataset } from '../train-context.js';
import { TrainError } from '../train-error.js';

/** The data set that a step before this one has found. @throws TrainError `data_missing` */
export function datasetFor(purpose: 'convert' | 'train on', { dataset }: TrainContext): TrainDataset {
  if (dataset !== undefined) return dataset;
  throw new TrainError({
    code: 'data_missing',
    message: `There is no data set to ${purpose}. Register a step before this one that sets context.dataset, such as LocalDatasetStep.`,
  });
}
