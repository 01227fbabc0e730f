import {
  storageSchema,
  storageSessionRequestSchema,
  storageSessionSchema,
  type Storage,
  type StorageSession,
  type StorageSessionRequest,
} from '../api/storage.js';
import type { Id } from '../api/id.js';
import { pathPart } from '../http/address.js';
import { jsonBody } from '../http/request-body.js';
import type { CallOptions, Transport } from '../http/transport.js';

export class Storages {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  get(id: Id, options: CallOptions = {}): Promise<Storage> {
    const query = [['with_configuration', true]] as const;
    return this.#transport.call({
      method: 'GET',
      path: `storages/${pathPart(id)}/`,
      query,
      answer: storageSchema,
      ...options,
    });
  }

  /**
   * Opens a session: provider and credentials that expire. Never store one; open it again by the storage's id. A backend
   * that has no sessions refuses with 404 or 405.
   */
  openSession(id: Id, request: StorageSessionRequest & CallOptions = {}): Promise<StorageSession> {
    const { signal, ...body } = request;
    return this.#transport.call({
      method: 'POST',
      path: `storages/${pathPart(id)}/session/`,
      body: jsonBody(storageSessionRequestSchema.parse(body)),
      isRepeatable: true, // a session too many expires by itself
      answer: storageSessionSchema,
      signal,
    });
  }
}
