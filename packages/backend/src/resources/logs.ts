import { z } from 'zod';

import type { JobLogLine as LoggerLine } from '@synapse-steps/core';

import { jobLogLineSchema, type JobLogLine } from '../api/job.js';
import { jsonBody } from '../http/request-body.js';
import type { CallOptions, Transport } from '../http/transport.js';

export class Logs {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Adds lines to the logs of jobs.
   *
   * @throws BackendError `backend_outcome_unknown` when the answer was lost: nobody can look a line up.
   */
  async create(lines: readonly (JobLogLine | LoggerLine)[], options: CallOptions = {}): Promise<void> {
    if (lines.length === 0) return;
    const checked = z.array(jobLogLineSchema).parse(lines);
    await this.#transport.call({
      method: 'POST',
      path: 'logs/',
      body: jsonBody(checked.length === 1 ? checked[0] : checked),
      answer: z.unknown(),
      ...options,
    });
  }
}
