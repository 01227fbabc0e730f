import type { GroundTruthEvent, Id } from '@synapse-steps/backend/api';

import type { DownloadClient } from './data-identity.js';
import type { SplitQuery } from './split-filters.js';

/** As many events as a page has. */
export const PAGE_SIZE = 100;

export interface ListSplitOptions {
  readonly client: DownloadClient;
  readonly dataset: Id;
  /** Told once the first page is there. */
  readonly onCount: (count: number | undefined) => void;
  readonly signal: AbortSignal;
}

/** The events of one split: for a download, and to see whether they are those of an earlier one. */
export function listSplit(
  { category, filters }: SplitQuery,
  options: ListSplitOptions,
): AsyncGenerator<GroundTruthEvent> {
  const { client, dataset, onCount, signal } = options;
  const list = { datasetVersion: dataset, filters, pageSize: PAGE_SIZE, onCount, signal };
  return client.groundTruthEvents.list({ ...list, ...(category !== undefined && { category }) });
}
