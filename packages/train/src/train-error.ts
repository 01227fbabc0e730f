import { SynapseStepsError, type JsonObject } from '@synapse-steps/core';

const BRAND = Symbol.for('synapse-steps.train-error');

/** What went wrong, as a word that code can switch on. */
export type TrainErrorCode =
  /** The runtime context has no backend client. */
  | 'missing_context'
  /** The steps are not what a training needs: none is registered, `execute` is missing, or one comes too early. */
  | 'configuration'
  /** The data to train on is not there. */
  | 'data_missing'
  /** The machine has not what the training needs, such as a GPU. Trainers throw it. */
  | 'resource_missing'
  /** The model to start from cannot be fetched, or its archive not unpacked. */
  | 'checkpoint_not_usable'
  /** The trainer measured NaN or an infinity. */
  | 'metric_not_finite'
  /** The trainer reported a metric that is no number, such as a group of them. */
  | 'metric_not_a_number'
  /** What was trained is not where the trainer said. */
  | 'weights_missing'
  /** What was trained cannot be packed, as there is no room for it. */
  | 'archive_not_written'
  /** What the trainer says of a model makes none. */
  | 'model_not_registered'
  /** Something on the backend, or in a folder, could not be removed; it is tried again. */
  | 'undo_incomplete';

export interface TrainErrorOptions {
  readonly code: TrainErrorCode;
  readonly message: string;
  readonly cause?: unknown;
  /** Facts for machines. */
  readonly details?: JsonObject;
}

/** What the steps of a training fail with, apart from what the trainer and the backend's client throw. */
export class TrainError extends SynapseStepsError {
  declare readonly code: TrainErrorCode;
  readonly [BRAND] = true;

  constructor(options: TrainErrorOptions) {
    super({ ...options, retryable: false });
  }

  static override is(value: unknown): value is TrainError {
    return typeof value === 'object' && value !== null && BRAND in value;
  }
}
