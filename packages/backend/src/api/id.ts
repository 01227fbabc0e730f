import { z } from 'zod';

/** How the backend names a thing: a number, or a text such as a UUID (jobs, chunked uploads). */
export const idSchema = z.union([z.int(), z.string().min(1)]);

export type Id = z.infer<typeof idSchema>;
