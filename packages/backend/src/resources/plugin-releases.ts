import type { Id } from '../api/id.js';
import { pluginReleaseSchema, type PluginRelease } from '../api/plugin-release.js';
import { pathPart } from '../http/address.js';
import type { CallOptions, Transport } from '../http/transport.js';

export class PluginReleases {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** With its plugin. */
  get(id: Id, options: CallOptions = {}): Promise<PluginRelease> {
    return this.#transport.call({
      method: 'GET',
      path: `plugin_releases/${pathPart(id)}/`,
      query: [['expand', 'plugin']],
      answer: pluginReleaseSchema,
      ...options,
    });
  }
}
