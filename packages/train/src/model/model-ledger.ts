import { randomUUID } from 'node:crypto';

import { idSchema } from '@synapse-steps/backend/api';
import { z } from 'zod';

/**
 * What is known of a model that is on its way to the backend. It is written down before each request, so that whatever
 * happens, an undo knows what there is, and what there may be.
 */
const modelRecordSchema = z.object({
  name: z.string(),
  /** Whether no other model can have that name. */
  isNameNew: z.boolean(),
  /** The file that is sent, and its size in bytes. */
  file: z.string(),
  size: z.number(),
  /** The id of the upload in chunks; none: the first chunk is under way. */
  upload: idSchema.optional(),
  /** Whether the model was asked for: until there is an id, it may be there or not. */
  isRegistered: z.boolean().default(false),
  /** The model's id. */
  id: idSchema.optional(),
});

export type ModelRecord = z.output<typeof modelRecordSchema>;

const PREFIX = 'model:';

/** Writes down what becomes of one model. Several may be on their way in one step. */
export class ModelLedger {
  readonly #key = `${PREFIX}${randomUUID()}`;
  readonly #save: (undo: object) => Promise<void>;
  #record: ModelRecord;

  constructor(record: ModelRecord, save: (undo: object) => Promise<void>) {
    this.#record = record;
    this.#save = save;
  }

  async note(facts: Partial<ModelRecord> = {}): Promise<void> {
    this.#record = { ...this.#record, ...facts };
    await this.#save({ [this.#key]: this.#record });
  }

  /** Nothing of it is there. */
  async forget(): Promise<void> {
    await this.#save({ [this.#key]: null });
  }
}

/** What ledgers have written down, also in another process; newest first. */
export function readModelLedgers(undo: Readonly<Record<string, unknown>>): ModelRecord[] {
  return Object.entries(undo)
    .filter(([key, record]) => key.startsWith(PREFIX) && record !== null)
    .map(([, record]) => modelRecordSchema.parse(record))
    .toReversed();
}
