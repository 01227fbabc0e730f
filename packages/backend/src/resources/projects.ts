import type { Id } from '../api/id.js';
import { projectSchema, type Project } from '../api/project.js';
import { pathPart } from '../http/address.js';
import type { CallOptions, Transport } from '../http/transport.js';

export class Projects {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  get(id: Id, options: CallOptions = {}): Promise<Project> {
    return this.#transport.call({
      method: 'GET',
      path: `projects/${pathPart(id)}/`,
      answer: projectSchema,
      ...options,
    });
  }
}
