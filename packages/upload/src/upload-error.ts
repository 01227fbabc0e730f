import { SynapseStepsError, type JsonObject } from '@synapse-steps/core';

const BRAND = Symbol.for('synapse-steps.upload-error');

/** What went wrong, as a word that code can switch on. */
export type UploadErrorCode =
  /** The runtime context has no backend client. */
  | 'missing_context'
  /** The storage cannot be opened, or is of a kind whose files cannot be read here. */
  | 'storage_not_usable'
  /** The data collection cannot be read. */
  | 'collection_not_readable'
  /** A path leads out of the storage. */
  | 'path_outside_storage'
  /** A metadata file is larger than is read; the step fails. */
  | 'metadata_limit'
  /** A metadata file cannot be understood; the upload goes on without it. */
  | 'metadata_invalid'
  /** The same, because its first column is not the one of file names. */
  | 'metadata_header'
  /** The collection has no file specifications, or they do not fit the assets. */
  | 'specifications_missing'
  /** The files are not what the collection wants. */
  | 'validation_failed'
  /** Not one file arrived. */
  | 'nothing_uploaded'
  /** Not one data unit was made. */
  | 'nothing_created'
  /** Something on the backend could not be removed; it is tried again. */
  | 'undo_incomplete';

export interface UploadErrorOptions {
  readonly code: UploadErrorCode;
  readonly message: string;
  readonly cause?: unknown;
  /** Facts for machines. */
  readonly details?: JsonObject;
}

/** What the steps of an upload fail with, apart from what the backend's client throws. */
export class UploadError extends SynapseStepsError {
  declare readonly code: UploadErrorCode;
  readonly [BRAND] = true;

  constructor(options: UploadErrorOptions) {
    super({ ...options, retryable: false });
  }

  static override is(value: unknown): value is UploadError {
    return typeof value === 'object' && value !== null && BRAND in value;
  }
}
