import type { JsonObject } from '@synapse-steps/core';

import type { DatasetMessage } from '../dataset-messages.js';

/** Where a download or a conversion tells what it does; each is optional. */
export interface DatasetLog {
  /** An event for machines. */
  event?(name: string, data: JsonObject): void;
  /** A message for people, by its code. */
  message?(code: DatasetMessage, values: Readonly<Record<string, string | number>>): void;
}

/** How far a download is. It never goes back within a split. */
export interface DownloadProgress {
  readonly phase: 'init' | 'fetch' | 'download';
  /** Whole, 0–100, of the split that is downloaded. */
  readonly percent: number;
  /** The same of the whole data set; it never goes back. */
  readonly overall: number;
}
