import { createHash } from 'node:crypto';

import type { GroundTruthEvent } from '@synapse-steps/backend/api';

import { fileIdentity } from './data-identity.js';

/**
 * What can be seen of a list of events by its first page: their number, and what the first ones say. Addresses count
 * without what may be another one each time.
 */
export class Fingerprint {
  readonly #hash = createHash('sha256');
  readonly #most: number;
  #seen = 0;

  /**
   * @param backend as `backendIdentity` says it
   * @param most how many events count
   */
  constructor(backend: string, most: number) {
    this.#most = most;
    this.#hash.update(`${backend}\n`);
  }

  count(count: number | undefined): void {
    this.#hash.update(`${count ?? 'unknown'}\n`);
  }

  /** @returns whether further events count */
  add({ id, category, files, data }: GroundTruthEvent): boolean {
    if (this.#seen >= this.#most) return false;
    const plain = Object.entries(files ?? {}).map(([key, file]) => [
      key,
      ...fileIdentity(file),
      file.is_primary ?? null,
    ]);
    this.#hash.update(`${JSON.stringify([id ?? null, category ?? null, plain, data ?? null])}\n`);
    this.#seen += 1;
    return this.#seen < this.#most;
  }

  digest(): string {
    return this.#hash.digest('hex');
  }
}
