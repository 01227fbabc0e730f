import { BackendError, pause, retryDelay } from '@synapse-steps/backend';
import type { DataUnit } from '@synapse-steps/backend/api';
import { errorMessage } from '@synapse-steps/core';

import type { CreatedDataUnit, FailedDataUnit, UploadedGroup } from '../file-group.js';
import type { DataUnitRequest } from '../strategies.js';
import { findUnits } from './find-units.js';
import { pairUnits } from './pair-units.js';
import { unitOf } from './unit-of.js';

export interface CreatedBatch {
  readonly created: CreatedDataUnit[];
  readonly failed: FailedDataUnit[];
}

export interface CreateBatchOptions {
  readonly retryDelayMs: number;
  /** What `willCreate` resolved to. */
  readonly newerThan: number | null | undefined;
}

/**
 * Makes the units of one batch. What may be gone in a moment is tried again; where an answer was lost, it is looked which
 * units are there, and only those that are certainly not are sent again.
 */
export async function createBatch(
  groups: readonly UploadedGroup[],
  request: DataUnitRequest,
  { retryDelayMs, newerThan }: CreateBatchOptions,
): Promise<CreatedBatch> {
  const batch = new Batch(groups, request, newerThan);
  const { dataUnitMaxRetries } = request.settings;
  for (let retry = 0; ; retry += 1) {
    const error = await batch.send();
    if (error === undefined) return { created: batch.created, failed: batch.missing.map(unanswered) };
    const isUnknown = error.outcomeUnknown && !(await lookUntilClear(batch, request, retryDelayMs));
    const mayRepeat = !isUnknown && (error.outcomeUnknown || error.retryable);
    if (batch.missing.length === 0 || !mayRepeat || retry >= dataUnitMaxRetries)
      return { created: batch.created, failed: batch.missing.map((group) => failedUnit(group, error, isUnknown)) };
    await pause(error.retryAfterMs ?? retryDelay({ delayMs: retryDelayMs }, retry), request.signal);
  }
}

/** A backend that died over the batch may be back in a moment, and can then say what became of it. */
async function lookUntilClear(
  batch: Batch,
  { settings, signal }: DataUnitRequest,
  retryDelayMs: number,
): Promise<boolean> {
  for (let retry = 0; ; retry += 1) {
    if (await batch.look()) return true;
    if (retry >= settings.dataUnitMaxRetries) return false;
    await pause(retryDelay({ delayMs: retryDelayMs }, retry), signal);
  }
}

/** Groups of which some have their unit already. */
class Batch {
  readonly created: CreatedDataUnit[] = [];
  missing: readonly UploadedGroup[];
  readonly #request: DataUnitRequest;
  readonly #newerThan: number | null | undefined;

  constructor(groups: readonly UploadedGroup[], request: DataUnitRequest, newerThan: number | null | undefined) {
    this.missing = groups;
    this.#request = request;
    this.#newerThan = newerThan;
  }

  /** Sends what is missing; what went wrong, if it did. */
  async send(): Promise<BackendError | undefined> {
    const { client, dataCollection, signal } = this.#request;
    try {
      const units = this.missing.map((group) => unitOf(group, dataCollection));
      const options = {
        signal,
        newerThan: this.#newerThan,
        onFound: (found: readonly DataUnit[]) => this.#take(found),
      };
      await this.#take(await client.dataUnits.create(units, options));
      return undefined;
    } catch (error) {
      return this.#backendError(error);
    }
  }

  /** Looks which of the missing ones are there all the same. False when that does not tell. */
  async look(): Promise<boolean> {
    const { client, dataCollection, signal } = this.#request;
    const newerThan = this.#newerThan;
    if (newerThan === null) return false;
    try {
      const { found, isComplete } = await findUnits(this.missing, { client, dataCollection, signal, newerThan });
      const first = new Map(found.map(({ group, unit }) => [group.key, unit.id]));
      await this.#keep([...first].map(([key, id]) => ({ key, id })));
      return isComplete && this.missing.every(({ meta }) => Object.keys(meta).length > 0);
    } catch (error) {
      this.#backendError(error);
      return false;
    }
  }

  /** Whatever of these is not kept yet. */
  async #take(units: readonly DataUnit[]): Promise<void> {
    const kept = new Set(this.created.map(({ id }) => id));
    await this.#keep(
      pairUnits(
        this.missing,
        units.filter(({ id }) => !kept.has(id)),
      ),
    );
  }

  async #keep(units: readonly CreatedDataUnit[]): Promise<void> {
    if (units.length === 0) return;
    this.created.push(...units);
    const keys = new Set(units.map(({ key }) => key));
    this.missing = this.missing.filter(({ key }) => !keys.has(key));
    await this.#request.created(units);
  }

  /** @throws what is no failure of the backend */
  #backendError(error: unknown): BackendError {
    const { signal } = this.#request;
    if (signal.aborted) throw signal.reason;
    if (BackendError.is(error)) return error;
    throw error;
  }
}

function failedUnit({ key }: UploadedGroup, error: BackendError, isUnknown: boolean): FailedDataUnit {
  return { key, reason: errorMessage(error), ...(isUnknown && { isUnknown }) };
}

function unanswered({ key }: UploadedGroup): FailedDataUnit {
  const reason =
    "The backend took the batch and did not name this group's data unit. Look there before you upload it again.";
  return { key, reason, isUnknown: true };
}
