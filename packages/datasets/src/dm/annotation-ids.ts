import { createHash } from 'node:crypto';

/**
 * Ids for annotations that have none: ten characters as the labelling tool has them, the same whenever the same data set is
 * converted, and none that is taken already.
 */
export class AnnotationIds {
  readonly #seed: string;
  readonly #taken: Set<string>;
  #count = 0;

  constructor(seed: string, taken: Iterable<string> = []) {
    this.#seed = seed;
    this.#taken = new Set(taken);
  }

  /** @param wanted taken where nothing else has it */
  next(wanted?: string): string {
    if (wanted !== undefined) return wanted;
    for (;;) {
      this.#count += 1;
      const hash = createHash('sha256').update(`${this.#seed}#${this.#count}`).digest('hex');
      const id = BigInt(`0x${hash}`).toString(36).slice(0, 10);
      if (this.#taken.size !== this.#taken.add(id).size) return id;
    }
  }
}
