import type { Id } from '@synapse-steps/backend/api';
import { z } from 'zod';

import type { FileGroup } from '../file-group.js';
import type { StoredFile } from '../strategies.js';
import { ChunkLedger, readChunkLedger, type ChunksOfFile } from './chunk-ledger.js';
import { fromIdRanges, idRangesSchema, toIdRanges, type IdRanges } from './id-ranges.js';
import { ObjectLedger, readObjectLedger, type ObjectOfFile } from './object-ledger.js';

/** The file's place in the upload, the data file's id if it is known, its checksum; else the key of its object, if it has one. */
type FileRow = readonly [number, Id | null, string, (string | undefined)?];

/** A file that this run has stored. */
export interface LedgerFile extends StoredFile {
  /** The index of its group. */
  readonly group: number;
}

/** A row for one file rewrites the block that it is in, so a block is short; a whole batch is a block of its own. */
const BLOCK_ROWS = 32;

/**
 * Writes down which files are on the backend, before and right after they get there; small enough for a hundred thousand of
 * them. A file is known by its place in the list of groups, which the context has: `sending` are the places of those of
 * which nobody knows yet whether they are stored, `stored:0`, `stored:1` … hold a row for each that is, `chunks` what was sent
 * in chunks and `objects:0` … what was put to the object store, and is none of those.
 */
export class FileLedger {
  readonly chunks: ChunkLedger;
  readonly objects: ObjectLedger;
  readonly #places: ReadonlyMap<string, number>;
  readonly #files: readonly Place[];
  readonly #save: (undo: object) => Promise<void>;
  readonly #sending = new Set<number>();
  readonly #blocks: FileRow[][] = [];

  constructor(groups: readonly FileGroup[], save: (undo: object) => Promise<void>) {
    this.#files = placesOf(groups);
    this.#places = new Map(this.#files.map(({ path }, place) => [path, place]));
    this.#save = save;
    const pathAt = (place: number): string => pathOf(place, this.#files);
    this.chunks = new ChunkLedger({ placeOf: (path) => this.#placeOf(path), pathOf: pathAt, save });
    this.objects = new ObjectLedger({ placeOf: (path) => this.#placeOf(path), save });
  }

  async willStore(files: readonly { readonly path: string }[]): Promise<void> {
    for (const { path } of files) this.#sending.add(this.#placeOf(path));
    await this.#save({ sending: this.#inFlight() });
  }

  async stored(files: readonly StoredFile[]): Promise<void> {
    const rows = files.map(({ path, id, checksum, objectKey }): FileRow => {
      const place = this.#placeOf(path);
      if (id !== undefined) return [place, id, checksum];
      return objectKey === undefined ? [place, null, checksum] : [place, null, checksum, objectKey];
    });
    for (const [place] of rows) this.#sending.delete(place);
    const last = this.#blocks.at(-1);
    if (last && last.length + rows.length <= BLOCK_ROWS) last.push(...rows);
    else this.#blocks.push(rows);
    const number = this.#blocks.length - 1;
    const used = {
      ...this.chunks.take(files.flatMap(({ chunkedUpload: id }) => (id === undefined ? [] : [id]))),
      ...this.objects.take(files.flatMap(({ objectKey }) => objectKey ?? [])),
    };
    await this.#save({ sending: this.#inFlight(), [`stored:${number}`]: this.#blocks[number], ...used });
  }

  /** All is known now but the fate of these, as far as they were to be stored; that of objects is written down already. */
  async settle(unknown: readonly { readonly path: string }[]): Promise<void> {
    const left = new Set(unknown.map(({ path }) => this.#placeOf(path)).filter((place) => this.#sending.has(place)));
    if (left.size === this.#sending.size) return;
    this.#sending.clear();
    for (const place of left) this.#sending.add(place);
    await this.#save({ sending: this.#inFlight() });
  }

  /** What this run has stored, oldest first. */
  get files(): LedgerFile[] {
    return this.#blocks.flat().map((row) => fileOf(row, this.#files));
  }

  /** These are not on the backend any more. */
  async forget(gone: readonly LedgerFile[]): Promise<void> {
    const ids = new Set(gone.map(({ id, objectKey }) => id ?? objectKey));
    const changed: Record<string, FileRow[]> = {};
    for (const [number, block] of this.#blocks.entries()) {
      const kept = block.filter(([, id, , key]) => (id === null && key === undefined) || !ids.has(id ?? key));
      if (kept.length < block.length) changed[`stored:${number}`] = this.#blocks[number] = kept;
    }
    if (Object.keys(changed).length > 0) await this.#save(changed);
  }

  #placeOf(path: string): number {
    const place = this.#places.get(path);
    if (place === undefined)
      throw new Error(`An upload strategy stores ${path}, which is none of the files to upload.`);
    return place;
  }

  #inFlight(): IdRanges {
    return toIdRanges([...this.#sending].toSorted((a, b) => a - b));
  }
}

const rowsSchema = z.array(
  z.tuple([z.number(), z.union([z.number(), z.string(), z.null()]), z.string(), z.string().optional()]),
);

export interface FilesToUndo {
  /** Newest first. */
  readonly stored: LedgerFile[];
  /** Paths of files that may be there. */
  readonly maybe: string[];
  /** Newest first. */
  readonly chunks: ChunksOfFile[];
  /** Newest first. */
  readonly objects: ObjectOfFile[];
}

/** What a ledger has written down, also by another process. */
export function readFileLedger(undo: Readonly<Record<string, unknown>>, groups: readonly FileGroup[]): FilesToUndo {
  const places = placesOf(groups);
  const stored: LedgerFile[] = [];
  for (let number = 0; undo[`stored:${number}`] !== undefined; number += 1) {
    stored.push(...rowsSchema.parse(undo[`stored:${number}`]).map((row) => fileOf(row, places)));
  }
  const sending = [...fromIdRanges(idRangesSchema.parse(undo['sending'] ?? []))];
  const maybe = sending.map((place) => pathOf(Number(place), places));
  const pathAt = (place: number): string => pathOf(place, places);
  const [chunks, objects] = [readChunkLedger(undo, pathAt), readObjectLedger(undo, pathAt)];
  return { stored: stored.toReversed(), maybe, chunks, objects };
}

interface Place {
  readonly path: string;
  readonly group: number;
}

function placesOf(groups: readonly FileGroup[]): Place[] {
  return groups.flatMap(({ files }, group) => Object.values(files).map((path) => ({ path, group })));
}

function pathOf(place: number, places: readonly Place[]): string {
  return places[place]?.path ?? `file ${place + 1} of the upload`;
}

function fileOf([place, id, checksum, objectKey]: FileRow, places: readonly Place[]): LedgerFile {
  const { group = -1 } = places[place] ?? {};
  const file = { group, path: pathOf(place, places), checksum };
  return { ...file, ...(id !== null && { id }), ...(objectKey !== undefined && { objectKey }) };
}
