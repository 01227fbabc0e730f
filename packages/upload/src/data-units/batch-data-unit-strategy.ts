import type { CreatedDataUnit, FailedDataUnit, UploadedGroup } from '../file-group.js';
import { atOnce } from '../sending/at-once.js';
import type { DataUnitOutcome, DataUnitRequest, DataUnitStrategy } from '../strategies.js';
import { createBatch } from './create-batch.js';

export interface DataUnitStrategyOptions {
  /** The pause before the n-th retry is random, up to this · 2ⁿ⁻¹ milliseconds. Default 500. */
  readonly retryDelayMs?: number;
}

/** Makes data units in batches; one that the backend refuses does not keep the others from being made. */
export class BatchDataUnitStrategy implements DataUnitStrategy {
  readonly #retryDelayMs: number;

  constructor({ retryDelayMs = RETRY_DELAY_MS }: DataUnitStrategyOptions = {}) {
    this.#retryDelayMs = retryDelayMs;
  }

  async generate(request: DataUnitRequest): Promise<DataUnitOutcome> {
    return await generateInBatches(request, {
      size: request.settings.dataUnitBatchSize,
      retryDelayMs: this.#retryDelayMs,
    });
  }
}

/** Makes each data unit by a request of its own: slower, and a group that is refused takes no other one with it. */
export class SingleDataUnitStrategy implements DataUnitStrategy {
  readonly #retryDelayMs: number;

  constructor({ retryDelayMs = RETRY_DELAY_MS }: DataUnitStrategyOptions = {}) {
    this.#retryDelayMs = retryDelayMs;
  }

  async generate(request: DataUnitRequest): Promise<DataUnitOutcome> {
    return await generateInBatches(request, { size: 1, retryDelayMs: this.#retryDelayMs });
  }
}

const RETRY_DELAY_MS = 500;

interface BatchOptions {
  readonly size: number;
  readonly retryDelayMs: number;
}

async function generateInBatches(
  request: DataUnitRequest,
  { size, retryDelayMs }: BatchOptions,
): Promise<DataUnitOutcome> {
  const { groups, settings, signal } = request;
  const batches: UploadedGroup[][] = [];
  for (let from = 0; from < groups.length; from += size) batches.push(groups.slice(from, from + size));
  const created: CreatedDataUnit[][] = batches.map(() => []);
  const failed: FailedDataUnit[][] = batches.map(() => []);
  await atOnce(batches, settings.dataUnitMaxWorkers, async (batch, index) => {
    signal.throwIfAborted();
    const newerThan = await request.willCreate(batch);
    const made = await createBatch(batch, request, { retryDelayMs, newerThan });
    created[index] = made.created;
    failed[index] = made.failed;
    request.onBatch({ ...made, number: index + 1, of: batches.length });
  });
  return { created: created.flat(), failed: failed.flat() };
}
