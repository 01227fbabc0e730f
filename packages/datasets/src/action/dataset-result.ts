import { z } from 'zod';

import { datasetFormatSchema } from '../model/dataset-format.js';

/** What a dataset action resolves to. Paths are absolute. */
export const datasetResultSchema = z.object({
  path: z.string(),
  format: datasetFormatSchema,
  isCategorized: z.boolean(),
  configPath: z.string().nullable(),
  /** How many events were downloaded; none after a conversion, as in the Python SDK. */
  count: z.int().nullable(),
  sourcePath: z.string().nullable(),
  pictures: z.int(),
  /** How many were written; a download does not look. */
  annotations: z.int().nullable(),
  /** How many things are not, or not quite, in the result, by the kind of reason. */
  leftOutCounts: z.record(z.string(), z.int()),
});

export type DatasetResult = z.output<typeof datasetResultSchema>;
