import { groundTruthEventSchema, type GroundTruthEvent } from '../api/ground-truth-event.js';
import type { Id } from '../api/id.js';
import type { CallOptions, Transport } from '../http/transport.js';
import { readPages } from './pages.js';

export interface GroundTruthEventsOptions extends CallOptions {
  /** The version of the data set. */
  readonly datasetVersion: Id;
  /** Only those of one split, such as `train`. */
  readonly category?: string;
  /** Default 100. */
  readonly pageSize?: number;
}

export class GroundTruthEvents {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The events of a data set; pages are fetched as they are wanted. */
  list({
    datasetVersion,
    category,
    pageSize = 100,
    signal,
  }: GroundTruthEventsOptions): AsyncGenerator<GroundTruthEvent> {
    return readPages(this.#transport, {
      path: 'sdk/ground_truth_events/',
      query: [
        ['fields', 'category'],
        ['fields', 'files'],
        ['fields', 'data'],
        ['expand', 'data'],
        ['ground_truth_dataset_versions', datasetVersion],
        ['category', category],
        ['page_size', pageSize],
      ],
      item: groundTruthEventSchema,
      signal,
    });
  }
}
