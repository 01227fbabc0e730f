import type { Id } from '@synapse-steps/backend/api';
import { splitsSchema } from '@synapse-steps/datasets';
import { z } from 'zod';

import { isObject } from './is-object.js';

const idOf = (what: string) =>
  z.union([z.int(), z.string().min(1)], {
    error: `the id of a ${what} is expected: a whole number, or a text`,
  }) satisfies z.ZodType<Id>;

/**
 * The params of a training, by the names that the backend's jobs and the Python SDK give them. A trainer extends them;
 * fields that nobody declared are kept.
 *
 * @example
 * static override readonly params = BaseTrainAction.params.extend({ epochs: z.int().positive().default(10) });
 */
export const trainParamsSchema = z.looseObject({
  /** The version of the data set. One that the backend gives must be named; a trainer on a folder needs none. */
  dataset: idOf('data set')
    .nullish()
    .meta({ description: 'the data set on the backend; needed unless a folder is trained on' }),
  /** The splits by name, each with the conditions of its events, if there are any. Null: all, undivided. */
  splits: splitsSchema.nullable().default(null),
  /** Where the data set goes; the folder belongs to the run. Without one, it goes into the cache. */
  output_dir: z.string().min(1).nullish(),
  /** The model to start from. */
  checkpoint: idOf('model').nullable().default(null).meta({ description: 'the model to start from' }),
  is_tune: z
    .boolean()
    .default(false)
    .refine((isTune) => !isTune, {
      message:
        'A search for hyperparameters needs Ray Tune, and runs in the Python SDK only. Leave is_tune out to train once',
      params: { code: 'tune_not_supported' },
    }),
  /** The entries of the first one become params of their own, unless they are given there. */
  hyperparameters: z.array(z.record(z.string(), z.unknown())).nullable().default(null),
});

export type TrainParams = z.output<typeof trainParamsSchema>;
export type TrainParamsInput = z.input<typeof trainParamsSchema>;

/** The same params with the first hyperparameters among them. What is given by its own name goes before; undefined is not given. */
export function foldHyperparameters(params: unknown): unknown {
  if (!isObject(params) || params['is_tune'] === true) return params;
  const { hyperparameters } = params;
  const first: unknown = Array.isArray(hyperparameters) ? hyperparameters[0] : undefined;
  if (!isObject(first)) return params;
  const given = Object.entries(params).filter(([, value]) => value !== undefined);
  return { ...first, ...Object.fromEntries(given) };
}
