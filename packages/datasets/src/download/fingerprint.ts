import { createHash } from 'node:crypto';

import type { GroundTruthEvent } from '@synapse-steps/backend/api';

/**
 * What can be seen of a list of events by its first page: their number, and what the first ones say. Addresses count
 * without what may be another one each time.
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
      lastingPart(file.url),
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

/**
 * An address without its query, which may hold a signature; and without its host where that is this machine: an embedded
 * backend has another port each time. Other hosts count, since two backends may well call two things by one path.
 */
function lastingPart(address: string): string | undefined {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  return url !== undefined && isThisMachine(url.hostname) ? url.pathname : address.split('?')[0];
}

function isThisMachine(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d+){3}$/u.test(hostname);
}
