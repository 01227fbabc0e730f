import type { Id } from '@synapse-steps/backend/api';
import { z } from 'zod';

import type { CreatedDataUnit, FailedDataUnit, UploadedGroup } from '../file-group.js';
import { appendIds, fromIdRanges, idRangesSchema, toIdRanges, type IdRanges } from './id-ranges.js';

/** Ids that follow each other take no room, so a block that has not many ranges yet may have many ids. */
const BLOCK_RANGES = 32;

/**
 * Writes down which data units are on the backend, before and right after they get there. A group is known by its place
 * among the uploaded ones, which the context has; `creating` are those of which nobody knows yet whether they have a unit.
 */
export class UnitLedger {
  readonly #places: ReadonlyMap<string, number>;
  readonly #save: (undo: object) => Promise<void>;
  readonly #newestBefore: () => Promise<number | null>;
  readonly #creating = new Set<number>();
  readonly #blocks: IdRanges[] = [];
  readonly #isOurs: (group: UploadedGroup) => boolean;
  #bound: Promise<number | null> | undefined;

  constructor(groups: readonly UploadedGroup[], options: UnitLedgerOptions) {
    this.#places = new Map(groups.map(({ key }, place) => [key, place]));
    this.#save = options.save;
    this.#newestBefore = options.newestUnit;
    const started = Date.parse(options.startedAt ?? '');
    const now = Date.now();
    // One that was made in this run cannot look the same as one of another run. A time to come is nobody's.
    this.#isOurs = ({ meta: { created_at: at } }) =>
      typeof at === 'string' && Date.parse(at) >= started && Date.parse(at) <= now;
  }

  /** @returns what units of these groups are newer than; undefined where they cannot be taken for another run's */
  async willCreate(groups: readonly UploadedGroup[]): Promise<number | null | undefined> {
    if (!groups.every(this.#isOurs)) this.#bound ??= this.#newestBefore();
    const newerThan = await this.#bound;
    for (const { key } of groups) this.#creating.add(this.#placeOf(key));
    await this.#save({ creating: this.#inFlight(), ...(newerThan !== undefined && { newerThan }) });
    return newerThan;
  }

  async created(units: readonly CreatedDataUnit[]): Promise<void> {
    for (const { key } of units) this.#creating.delete(this.#placeOf(key));
    const ids = units.map(({ id }) => id);
    const last = this.#blocks.at(-1);
    if (last && last.length < BLOCK_RANGES) appendIds(last, ids);
    else this.#blocks.push(toIdRanges(ids));
    const number = this.#blocks.length - 1;
    await this.#save({ creating: this.#inFlight(), [`units:${number}`]: this.#blocks[number] });
  }

  /** All is known now but the fate of those that are unknown. */
  async settle(failed: readonly FailedDataUnit[]): Promise<void> {
    this.#creating.clear();
    for (const { key, isUnknown } of failed) if (isUnknown) this.#creating.add(this.#placeOf(key));
    await this.#save({ creating: this.#inFlight() });
  }

  #placeOf(key: string): number {
    const place = this.#places.get(key);
    if (place === undefined)
      throw new Error(`A data unit strategy made a unit of '${key}', which is none of the uploaded groups.`);
    return place;
  }

  #inFlight(): IdRanges {
    return toIdRanges([...this.#creating].toSorted((a, b) => a - b));
  }
}

export interface UnitLedgerOptions {
  readonly save: (undo: object) => Promise<void>;
  /** When the run began. Groups whose `created_at` is older, or missing, may look like those of another run. */
  readonly startedAt: string | undefined;
  /**
   * The id of the collection's newest unit, null if nobody can say; asked for once, and only if some group may look like
   * another run's.
   */
  readonly newestUnit: () => Promise<number | null>;
}

export interface UnitsToUndo {
  /** Newest first. */
  readonly ids: Id[];
  /** Places of groups that may have a unit. */
  readonly maybe: number[];
  /** Only newer ones can be of this run; null if that cannot be told. */
  readonly newerThan: number | null | undefined;
}

/** What a ledger has written down, also by another process. */
export function readUnitLedger(undo: Readonly<Record<string, unknown>>): UnitsToUndo {
  const ids: Id[] = [];
  for (let number = 0; undo[`units:${number}`] !== undefined; number += 1) {
    for (const id of fromIdRanges(idRangesSchema.parse(undo[`units:${number}`]))) ids.push(id);
  }
  const maybe = [...fromIdRanges(idRangesSchema.parse(undo['creating'] ?? []))].map(Number);
  return { ids: ids.toReversed(), maybe, newerThan: z.number().nullish().parse(undo['newerThan']) };
}
