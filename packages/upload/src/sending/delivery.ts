import type { UploadSource } from '@synapse-steps/backend';
import type { Id } from '@synapse-steps/backend/api';
import { BackendError } from '@synapse-steps/backend';

import type { UploadRequest } from '../strategies.js';
import { isFileError } from './file-error.js';

/** A file that is to be sent. */
export interface Parcel {
  readonly path: string;
  /** Files of one group are wanted together or not at all. */
  readonly group: number;
  readonly source: UploadSource;
}

/** What became of it. */
export type Delivery =
  | { readonly is: 'stored'; readonly checksum: string; readonly id?: Id }
  | {
      readonly is: 'failed';
      readonly error: unknown;
      /** By which way it may be tried again. */
      readonly again: 'presigned' | 'backend' | 'never';
      /** It may be there all the same. */
      readonly isUnknown: boolean;
    };

export type FailedDelivery = Extract<Delivery, { is: 'failed' }>;

/** What every way of sending needs. */
export interface Sending extends Omit<UploadRequest, 'groups' | 'specifications'> {
  /** Told how many bytes of a file have gone out, from its beginning. */
  readonly onBytes: (parcel: Parcel, bytes: number) => void;
}

/** A delivery that failed; an abort is no failure of a file, and is thrown on. */
export function failed(error: unknown, again: 'presigned' | 'backend', { signal }: Sending): FailedDelivery {
  if (signal.aborted) throw signal.reason;
  // A file that changes or is gone is so by every way; and what may have been stored must not be stored again.
  if (isFileError(error)) return { is: 'failed', error, again: 'never', isUnknown: false };
  if (!BackendError.is(error)) throw error; // not the backend's: undo data that could not be saved, say
  const isUnknown = error.outcomeUnknown;
  return { is: 'failed', error, again: isUnknown ? 'never' : again, isUnknown };
}
