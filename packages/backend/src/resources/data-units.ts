import { z } from 'zod';

import { dataUnitSchema, newDataUnitSchema, type DataUnit, type NewDataUnit } from '../api/data-unit.js';
import type { Id } from '../api/id.js';
import { pathPart } from '../http/address.js';
import { sendOrLookUp, type Finding } from '../http/look-up.js';
import { jsonBody } from '../http/request-body.js';
import type { CallOptions, Transport } from '../http/transport.js';
import { deleteOrMissing } from './deletion.js';
import { findStoredUnits } from './find-stored-units.js';
import { readPages } from './pages.js';

export interface DataUnitListOptions extends CallOptions {
  readonly dataCollection: Id;
  /** Default 100. */
  readonly pageSize?: number;
}

export interface CreateDataUnitsOptions extends CallOptions {
  /**
   * Where the meta of the units may be that of others: only units with a greater id than this can be theirs, when an answer
   * is lost. Null when that id is not known: then nobody can tell, and nothing is sent again.
   */
  readonly newerThan?: number | null | undefined;
  /** Told of units that a look has found, before what is missing is sent again, or is given up. */
  readonly onFound?: (units: readonly DataUnit[]) => void | Promise<void>;
}

export class DataUnits {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Registers units, and answers with what the backend says it made, which may be fewer.
   *
   * When the answer is lost, or says that it failed, the newest units of the collection are read: those with the same files
   * and meta count as made, only what is missing is sent again. So give each unit a meta that tells it from others (its key
   * and time, say), or say by `newerThan` which ones are others'.
   *
   * @throws BackendError `backend_outcome_unknown` when the look cannot tell.
   */
  async create(
    units: readonly NewDataUnit[],
    { newerThan, onFound, ...options }: CreateDataUnitsOptions = {},
  ): Promise<DataUnit[]> {
    const made: DataUnit[] = [];
    // As the backend will have them: a Date is a text there, and what is looked up is compared with that.
    let missing = z.array(newDataUnitSchema).parse(JSON.parse(JSON.stringify(units)));
    if (missing.length === 0) return made;
    const look = async (): Promise<Finding<DataUnit[]>> => {
      if (newerThan === null) return { is: 'unclear' };
      const { stored, absent, isClear } = await findStoredUnits(missing, (dataCollection) =>
        newUnits(this.list({ dataCollection, ...options }), newerThan),
      );
      if (!isClear) return { is: 'unclear' };
      made.push(...stored);
      if (stored.length > 0) await onFound?.(stored);
      missing = absent;
      return absent.length === 0 ? { is: 'there', value: [] } : { is: 'absent' };
    };
    const rest = await sendOrLookUp(() => this.#post(missing, options), look, {
      ...options,
      retry: this.#transport.retry,
    });
    return [...made, ...rest];
  }

  /** The units of a collection, newest first where the backend sorts; pages are fetched as they are wanted. */
  list({ dataCollection, pageSize = 100, signal }: DataUnitListOptions): AsyncGenerator<DataUnit, void> {
    return readPages(this.#transport, {
      path: 'data_units/',
      query: [
        ['data_collection', dataCollection],
        ['ordering', '-id'],
        ['page_size', pageSize],
      ],
      item: dataUnitSchema,
      signal,
    });
  }

  /** Deletes by API v2. False when it was gone already. */
  delete(id: Id, options: CallOptions = {}): Promise<boolean> {
    return deleteOrMissing(this.#transport, `v2/data-units/${pathPart(id)}/`, options);
  }

  #post(units: readonly NewDataUnit[], options: CallOptions): Promise<DataUnit[]> {
    return this.#transport.call({
      method: 'POST',
      path: 'data_units/',
      body: jsonBody(units),
      isLookedUp: true,
      answer: z.union([z.array(dataUnitSchema), dataUnitSchema.transform((unit) => [unit])]),
      ...options,
    });
  }
}

/** Those with a greater id; all where there is no bound. */
async function* newUnits(units: AsyncIterable<DataUnit>, newerThan: number | undefined): AsyncGenerator<DataUnit> {
  for await (const unit of units)
    if (newerThan === undefined || (typeof unit.id === 'number' && unit.id > newerThan)) yield unit;
}
