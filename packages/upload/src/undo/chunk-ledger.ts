import type { Id } from '@synapse-steps/backend/api';
import { z } from 'zod';

/** The file's place in the upload, the id of its upload in chunks; null as long as nobody has been told one. */
type ChunkRow = readonly [number, Id | null];

/** What was sent of a file in chunks, and is no data file. */
export interface ChunksOfFile {
  readonly path: string;
  /** Missing when the answer to its first chunk did not come: it may be there, and nobody knows as what. */
  readonly id?: Id;
}

/** Where a ledger of files keeps its uploads in chunks. */
export interface ChunkPlaces {
  readonly placeOf: (path: string) => number;
  readonly pathOf: (place: number) => string;
  readonly save: (undo: object) => Promise<void>;
}

/**
 * Writes down which files are on their way in chunks, or got stuck on it, as `chunks`: an upload leaves the list when it is a
 * data file. One path may be in it more than once.
 */
export class ChunkLedger {
  readonly #places: ChunkPlaces;
  #rows: readonly ChunkRow[] = [];

  constructor(places: ChunkPlaces) {
    this.#places = places;
  }

  /** Those that are no data files, oldest first. */
  get all(): ChunksOfFile[] {
    return this.#rows.map((row) => chunksOf(row, this.#places.pathOf));
  }

  async willBegin(path: string): Promise<void> {
    this.#rows = [...this.#rows, [this.#places.placeOf(path), null]];
    await this.#save();
  }

  async begun(path: string, id: Id, { mayHaveTwin } = { mayHaveTwin: false }): Promise<void> {
    // Of another try of the first chunk nobody knows the number: its row stays.
    this.#rows = [...(mayHaveTwin ? this.#rows : this.#without(path, null)), [this.#places.placeOf(path), id]];
    await this.#save();
  }

  /** Its first chunk surely did not arrive. */
  async notBegun(path: string): Promise<void> {
    this.#rows = this.#without(path, null);
    await this.#save();
  }

  /** They are not on the backend any more. */
  async forget(gone: readonly Id[]): Promise<void> {
    const change = this.take(gone);
    if (change) await this.#places.save(change);
  }

  /** Forgets them; what it returns is to be saved with whatever they became. */
  take(ids: readonly Id[]): object | undefined {
    const taken = new Set<Id | null>(ids);
    const kept = this.#rows.filter(([, id]) => !taken.has(id));
    if (kept.length === this.#rows.length) return undefined;
    this.#rows = kept;
    return { chunks: kept };
  }

  #without(path: string, id: Id | null): ChunkRow[] {
    const place = this.#places.placeOf(path);
    const index = this.#rows.findIndex((row) => row[0] === place && row[1] === id);
    return this.#rows.filter((_, at) => at !== index);
  }

  async #save(): Promise<void> {
    await this.#places.save({ chunks: this.#rows });
  }
}

const rowsSchema = z.array(z.tuple([z.number(), z.union([z.number(), z.string(), z.null()])]));

/** What a ledger has written down, newest first. */
export function readChunkLedger(
  undo: Readonly<Record<string, unknown>>,
  pathOf: (place: number) => string,
): ChunksOfFile[] {
  const rows = rowsSchema.parse(undo['chunks'] ?? []);
  return rows.map((row) => chunksOf(row, pathOf)).toReversed();
}

function chunksOf([place, id]: ChunkRow, pathOf: (place: number) => string): ChunksOfFile {
  return { path: pathOf(place), ...(id !== null && { id }) };
}
