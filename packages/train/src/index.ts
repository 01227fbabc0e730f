export { backendOf } from './backend-of.js';
export { BaseTrainAction } from './base-train-action.js';
export { LocalDatasetStep, type LocalDatasetStepOptions } from './steps/local-dataset-step.js';
export { TrainStep, type Trainer } from './steps/train-step.js';
export { TrainContext, type Checkpoint, type TrainDataset } from './train-context.js';
export { TrainError, type TrainErrorCode, type TrainErrorOptions } from './train-error.js';
export { trainMessages } from './train-messages.js';
export { trainParamsSchema, type TrainParams, type TrainParamsInput } from './train-params.js';
export type { TrainResult } from './train-result.js';
