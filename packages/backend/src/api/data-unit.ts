import { z } from 'zod';

import { idSchema } from './id.js';

/** One item of the list that `POST data_units/` takes (a single item without a list is taken as well). */
export const newDataUnitSchema = z.object({
  data_collection: idSchema,
  /** By the name of the file specification. */
  files: z.record(z.string(), z.looseObject({ checksum: z.string(), path: z.string().optional() })),
  meta: z.record(z.string(), z.unknown()).optional(),
  /** Names of data groups, outermost first. */
  groups: z.array(z.string()).optional(),
});

/**
 * A data unit: one of the list that `POST data_units/` answers with, and of the pages of
 * `GET data_units/?data_collection={id}&ordering=-id&page_size={n}`.
 */
export const dataUnitSchema = z.looseObject({
  id: idSchema,
  data_collection: z.unknown().optional(),
  files: z.unknown().optional(),
  meta: z.record(z.string(), z.unknown()).nullish(),
});

export type NewDataUnit = z.infer<typeof newDataUnitSchema>;
export type DataUnit = z.infer<typeof dataUnitSchema>;
