import type { Id } from '../api/id.js';
import { modelSchema, newModelSchema, type Model, type NewModel } from '../api/model.js';
import { pathPart } from '../http/address.js';
import { sendOrLookUp, type Finding } from '../http/look-up.js';
import { jsonBody } from '../http/request-body.js';
import type { CallOptions, Transport } from '../http/transport.js';
import { deleteOrMissing } from './deletion.js';
import { readPages } from './pages.js';

export interface ModelListOptions extends CallOptions {
  /** Only those of that name, where the backend can filter. */
  readonly name?: string;
  /** Default 100. */
  readonly pageSize?: number;
}

export interface CreateModelOptions extends CallOptions {
  /** That no other model has the name, so that it can be looked up by it. Default false: that of another is never taken for it. */
  readonly isNameNew?: boolean;
}

export class Models {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Its `file` is an address for `downloads`. */
  get(id: Id, options: CallOptions = {}): Promise<Model> {
    return this.#transport.call({ method: 'GET', path: `models/${pathPart(id)}/`, answer: modelSchema, ...options });
  }

  list({ name, pageSize = 100, signal }: ModelListOptions = {}): AsyncGenerator<Model, void> {
    return readPages(this.#transport, {
      path: 'models/',
      query: [
        ['name', name],
        ['page_size', pageSize],
      ],
      item: modelSchema,
      signal,
    });
  }

  /**
   * Registers a model; its file is sent before, in chunks. When the answer is lost, it is looked up by its name, if that is
   * said to be new; it is not sent again blindly.
   */
  create(model: NewModel, { isNameNew = false, ...options }: CreateModelOptions = {}): Promise<Model> {
    const body = jsonBody(newModelSchema.parse(model));
    return sendOrLookUp(
      () =>
        this.#transport.call({
          method: 'POST',
          path: 'models/',
          body,
          isLookedUp: true,
          answer: modelSchema,
          ...options,
        }),
      () => (isNameNew ? this.#find(model.name, options) : Promise.resolve({ is: 'unclear' })),
      { ...options, retry: this.#transport.retry },
    );
  }

  /** Deletes by API v2. False when it was gone already. */
  delete(id: Id, options: CallOptions = {}): Promise<boolean> {
    return deleteOrMissing(this.#transport, `v2/models/${pathPart(id)}/`, options);
  }

  async #find(name: string, options: CallOptions): Promise<Finding<Model>> {
    for await (const model of this.list({ name, ...options }))
      if (model.name === name) return { is: 'there', value: model };
    return { is: 'absent' };
  }
}
