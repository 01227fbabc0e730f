import { z } from 'zod';

import { idSchema } from './id.js';

/** Body of `POST data_files/` for what was sent in chunks; the other way is a multipart form with the part `file`. */
export const dataFileRequestSchema = z.object({ chunked_upload: idSchema });

/** Answer of `POST data_files/`. */
export const dataFileSchema = z.looseObject({
  id: idSchema,
  /** MD5 for files that were sent through the backend, SHA-1 for presigned ones; hex. */
  checksum: z.string(),
  file: z.string().nullish(),
  /** Bytes. */
  size: z.int().nullish(),
});

/** Body of `POST data_files/verify_checksums/`. */
export const verifyChecksumsRequestSchema = z.object({ checksums: z.array(z.string()) });

/** Its answer: those that the backend has. */
export const verifyChecksumsSchema = z.looseObject({ existing_checksums: z.array(z.string()) });

export type DataFile = z.infer<typeof dataFileSchema>;
