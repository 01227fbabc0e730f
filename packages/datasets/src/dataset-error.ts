import { SynapseStepsError, type JsonObject } from '@synapse-steps/core';

const BRAND = Symbol.for('synapse-steps.dataset-error');

/** What went wrong, as a word that code can switch on. */
export type DatasetErrorCode =
  /** The runtime context has no backend client. */
  | 'missing_context'
  /** A param is missing or wrong. */
  | 'params_invalid'
  /** The folder is not there. */
  | 'path_missing'
  /** The folder is not a data set of this format. */
  | 'dataset_not_readable'
  /** A split that was asked for is not there. */
  | 'split_missing'
  /** Nothing in it can be used. */
  | 'dataset_empty'
  /** There is something in the way already. */
  | 'output_exists'
  /** The disk is full, or may not be written to there. */
  | 'output_not_writable'
  /** Nobody can convert from, or to, this format. */
  | 'format_unknown'
  /** A name from outside that would lead out of the folder. */
  | 'name_unsafe'
  /** A file of the data set cannot be fetched. */
  | 'download_failed'
  /** Something could not be removed; it is tried again. */
  | 'undo_incomplete';

export interface DatasetErrorOptions {
  readonly code: DatasetErrorCode;
  readonly message: string;
  readonly cause?: unknown;
  /** Facts for machines. */
  readonly details?: JsonObject;
  /** Whether trying again can help. Default false. */
  readonly retryable?: boolean;
}

/** What reading, writing and downloading data sets fails with, apart from what the backend's client and the file system throw. */
export class DatasetError extends SynapseStepsError {
  declare readonly code: DatasetErrorCode;
  readonly [BRAND] = true;

  constructor(options: DatasetErrorOptions) {
    super({ retryable: false, ...options });
  }

  static override is(value: unknown): value is DatasetError {
    return typeof value === 'object' && value !== null && BRAND in value;
  }
}
