import { z } from 'zod';

/** The file's place in the upload, and the key of the object that was reserved for it. */
type ObjectRow = readonly [number, string];

/** What was put, or was about to be, to the object store, and is no data file as far as anybody was told. */
export interface ObjectOfFile {
  readonly path: string;
  readonly key: string;
}

/** Where a ledger of files keeps its objects. */
export interface ObjectPlaces {
  readonly placeOf: (path: string) => number;
  readonly save: (undo: object) => Promise<void>;
}

/**
 * Writes down which objects were reserved for files, as `objects:0`, `objects:1` …: one block for each time that addresses
 * were asked for. An object leaves its block when it is a data file whose id is known, so that what stays is short.
 */
export class ObjectLedger {
  readonly #places: ObjectPlaces;
  readonly #blockOf = new Map<string, number>();
  readonly #blocks: ObjectRow[][] = [];

  constructor(places: ObjectPlaces) {
    this.#places = places;
  }

  async reserved(objects: readonly ObjectOfFile[]): Promise<void> {
    const number = this.#blocks.length;
    const rows = objects.map(({ path, key }): ObjectRow => [this.#places.placeOf(path), key]);
    for (const { key } of objects) this.#blockOf.set(key, number);
    this.#blocks.push(rows);
    await this.#places.save({ [`objects:${number}`]: rows });
  }

  /** Forgets them; what it returns is to be saved with whatever they became. */
  take(keys: readonly string[]): object {
    const taken = new Set(keys);
    const numbers = new Set(keys.flatMap((key) => this.#blockOf.get(key) ?? []));
    for (const key of keys) this.#blockOf.delete(key);
    const changes = [...numbers].map((number) => {
      const kept = (this.#blocks[number] ?? []).filter(([, key]) => !taken.has(key));
      this.#blocks[number] = kept;
      return [`objects:${number}`, kept] as const;
    });
    return Object.fromEntries(changes);
  }
}

const rowsSchema = z.array(z.tuple([z.number(), z.string()]));

/** What a ledger has written down, newest first. */
export function readObjectLedger(
  undo: Readonly<Record<string, unknown>>,
  pathOf: (place: number) => string,
): ObjectOfFile[] {
  const objects: ObjectOfFile[] = [];
  for (let number = 0; undo[`objects:${number}`] !== undefined; number += 1) {
    for (const [place, key] of rowsSchema.parse(undo[`objects:${number}`])) objects.push({ path: pathOf(place), key });
  }
  return objects.toReversed();
}
