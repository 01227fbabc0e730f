import type { Id } from '../api/id.js';
import { jobSchema, jobUpdateSchema, updatedJobSchema, type Job, type JobUpdate } from '../api/job.js';
import { pathPart } from '../http/address.js';
import { jsonBody } from '../http/request-body.js';
import type { CallOptions, Transport } from '../http/transport.js';

export class Jobs {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  get(id: Id, options: CallOptions = {}): Promise<Job> {
    return this.#transport.call({ method: 'GET', path: `jobs/${pathPart(id)}/`, answer: jobSchema, ...options });
  }

  /** Sets the given fields. It may be repeated: setting them twice is as good as once. */
  async update(id: Id, update: JobUpdate, options: CallOptions = {}): Promise<void> {
    await this.#transport.call({
      method: 'PATCH',
      path: `jobs/${pathPart(id)}/`,
      body: jsonBody(jobUpdateSchema.parse(update)),
      answer: updatedJobSchema,
      ...options,
    });
  }
}
