import type { Discovery, DiscoveryRequest, FileDiscoveryStrategy } from '../strategies.js';
import { DefaultFileDiscoveryStrategy } from './default-file-discovery-strategy.js';

/** Looks into the folder of each specification and into no folder below it, whatever the params say. */
export class FlatFileDiscoveryStrategy implements FileDiscoveryStrategy {
  readonly #strategy = new DefaultFileDiscoveryStrategy();

  discover(request: DiscoveryRequest): Promise<Discovery> {
    const places = request.places.map((place) => ({ ...place, isRecursive: false }));
    return this.#strategy.discover({ ...request, places });
  }
}
