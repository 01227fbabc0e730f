import { z } from 'zod';

import { idSchema } from './id.js';

/** Body of `POST models/`. */
export const newModelSchema = z.looseObject({
  name: z.string(),
  /** The plugin's code. */
  plugin: z.string().optional(),
  version: z.string().optional(),
  /** The model that training started from. */
  checkpoint: idSchema.optional(),
  /** The file, sent in chunks before. */
  chunked_upload: idSchema.optional(),
  configuration: z.record(z.string(), z.unknown()).optional(),
  description: z.string().optional(),
});

/** Answer of `GET models/{id}/` and `POST models/`; one of the pages of `GET models/`. `file` is an address. */
export const modelSchema = z.looseObject({
  id: idSchema,
  name: z.string().optional(),
  file: z.string().nullish(),
});

export type NewModel = z.infer<typeof newModelSchema>;
export type Model = z.infer<typeof modelSchema>;
