import { z } from 'zod';

import { idSchema } from './id.js';

export const groundTruthFileSchema = z.looseObject({
  url: z.string(),
  is_primary: z.boolean().nullish(),
  file_type: z.string().nullish(),
});

/**
 * One item of the pages of `GET sdk/ground_truth_events/?fields=category&fields=files&fields=data&expand=data
 * &ground_truth_dataset_versions={id}[&category={split}]&page_size=100`.
 */
export const groundTruthEventSchema = z.looseObject({
  id: idSchema.optional(),
  category: z.string().nullish(),
  files: z.record(z.string(), groundTruthFileSchema).nullish(),
  data: z.unknown().optional(),
});

export type GroundTruthEvent = z.infer<typeof groundTruthEventSchema>;
