import type { Id } from '../api/id.js';
import { jobSchema, jobUpdateSchema, updatedJobSchema, type Job, type JobUpdate } from '../api/job.js';
import { pathPart } from '../http/address.js';
import { jsonBody } from '../http/request-body.js';
import type { CallOptions, Transport } from '../http/transport.js';

/** What `JobUpdate` says, for values whose types name their fields. */
export type JobChange = Readonly<Pick<JobUpdate, 'status' | 'result'>> & {
  readonly [Key in 'progress_record' | 'metrics_record' | 'meta']?: object | undefined;
};

export class Jobs {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  get(id: Id, options: CallOptions = {}): Promise<Job> {
    return this.#transport.call({ method: 'GET', path: `jobs/${pathPart(id)}/`, answer: jobSchema, ...options });
  }

  /** Sets the given fields. It may be repeated: setting them twice is as good as once. */
  async update(id: Id, update: JobChange, options: CallOptions = {}): Promise<void> {
    await this.#transport.call({
      method: 'PATCH',
      path: `jobs/${pathPart(id)}/`,
      body: jsonBody(jobUpdateSchema.parse(update)),
      answer: updatedJobSchema,
      ...options,
    });
  }
}
