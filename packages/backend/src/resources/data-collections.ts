import { dataCollectionSchema, type DataCollection } from '../api/data-collection.js';
import type { Id } from '../api/id.js';
import { pathPart } from '../http/address.js';
import type { CallOptions, Transport } from '../http/transport.js';

export class DataCollections {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** With its file specifications. */
  get(id: Id, options: CallOptions = {}): Promise<DataCollection> {
    return this.#transport.call({
      method: 'GET',
      path: `data_collections/${pathPart(id)}/`,
      query: [['expand', 'file_specifications']],
      answer: dataCollectionSchema,
      ...options,
    });
  }
}
