import { z } from 'zod';

import { idSchema } from './id.js';

/** One kind of file that each data unit of a collection has, or may have. */
export const fileSpecificationSchema = z.looseObject({
  name: z.string(),
  is_required: z.boolean().default(false),
  is_primary: z.boolean().optional(),
  extensions: z.array(z.string()).nullish(),
  file_type: z.string().nullish(),
});

/** Answer of `GET data_collections/{id}/?expand=file_specifications`. */
export const dataCollectionSchema = z.looseObject({
  id: idSchema,
  name: z.string().optional(),
  file_specifications: z.array(fileSpecificationSchema).optional(),
});

export type FileSpecification = z.infer<typeof fileSpecificationSchema>;
export type DataCollection = z.infer<typeof dataCollectionSchema>;
