import { groundTruthEventSchema, type GroundTruthEvent } from '../api/ground-truth-event.js';
import type { Id } from '../api/id.js';
import type { CallOptions, Transport } from '../http/transport.js';
import { readPages } from './pages.js';

export interface GroundTruthEventsOptions extends CallOptions {
  /** The version of the data set. */
  readonly datasetVersion: Id;
  /** Only those of one split, such as `train`. */
  readonly category?: string;
  /** Further conditions by name, as the backend's list takes them; a list of values is sent as the name again and again. */
  readonly filters?: Readonly<Record<string, FilterValue | readonly FilterValue[]>>;
  /** Default 100. */
  readonly pageSize?: number;
  /** Told once, with the first page: how many events there are, where the backend says so. */
  readonly onCount?: (count: number | undefined) => void;
}

type FilterValue = string | number | boolean;

export class GroundTruthEvents {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The events of a data set; pages are fetched as they are wanted. */
  list({
    datasetVersion,
    category,
    filters = {},
    pageSize = 100,
    onCount,
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
        ...Object.entries(filters).flatMap(([name, value]) => [value].flat().map((item) => [name, item] as const)),
        ['page_size', pageSize],
      ],
      item: groundTruthEventSchema,
      onCount,
      signal,
    });
  }
}
