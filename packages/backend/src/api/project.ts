import { z } from 'zod';

import { idSchema } from './id.js';

/** Answer of `GET projects/{id}/`. */
export const projectSchema = z.looseObject({ id: idSchema, name: z.string().optional() });

export type Project = z.infer<typeof projectSchema>;
