import { z } from 'zod';

import { idSchema } from './id.js';

/**
 * Answer of `PUT chunked_upload/` and `PUT chunked_upload/{id}/`: a multipart form with the field `filename` and the part
 * `file`, and the header `Content-Range: bytes first-last/total`. The next chunk goes to `url`.
 */
export const chunkReceiptSchema = z.looseObject({
  id: idSchema,
  url: z.string(),
  /** How many bytes the backend has. */
  offset: z.int().nonnegative(),
  filename: z.string().nullish(),
});

/** Body of `POST chunked_upload/{id}/`, after the last chunk. */
export const finishChunksRequestSchema = z.object({ md5: z.string() });

/** Answer of `POST chunked_upload/{id}/`, and of `GET` at any time; it is complete once `completed_at` is set. */
export const chunkedUploadSchema = z.looseObject({
  id: idSchema,
  file: z.string().nullish(),
  checksum: z.string().nullish(),
  size: z.int().nullish(),
  /** How many bytes the backend has. */
  offset: z.int().nonnegative().nullish(),
  completed_at: z.string().nullish(),
});

export type ChunkReceipt = z.infer<typeof chunkReceiptSchema>;
export type ChunkedUpload = z.infer<typeof chunkedUploadSchema>;
