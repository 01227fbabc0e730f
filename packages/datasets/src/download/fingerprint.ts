import { createHash } from 'node:crypto';

import type { GroundTruthEvent } from '@synapse-steps/backend/api';

/**
 * What can be seen of a list of events by its first page: their number, and what the first ones say. Addresses count
 * without their query, which may be another one each time.
 */
export class Fingerprint {
  readonly #hash = createHash('sha256');
  readonly #most: number;
  #seen = 0;

  /** @param most how many events count */
  constructor(most: number) {
    this.#most = most;
  }

  count(count: number | undefined): void {
    this.#hash.update(`${count ?? 'unknown'}\n`);
  }

  /** @returns whether further events count */
  add({ id, category, files, data }: GroundTruthEvent): boolean {
    if (this.#seen >= this.#most) return false;
    const plain = Object.entries(files ?? {}).map(([key, file]) => [
      key,
      file.url.split('?')[0],
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
