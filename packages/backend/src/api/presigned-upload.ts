import { z } from 'zod';

import { idSchema } from './id.js';

/** Body of `POST data_files/presigned_upload/upload/`. */
export const presignRequestSchema = z.object({
  files: z.array(
    z.object({
      filename: z.string(),
      /** Bytes. */
      size: z.int().nonnegative(),
      content_type: z.string().nullish(),
    }),
  ),
  /** Seconds. */
  expiration: z.int().positive().default(3600),
});

export const presignedPartSchema = z.looseObject({ part_number: z.int().positive(), presigned_url: z.string() });

/**
 * Where one file goes. There are two spellings, and the backend chooses by size: one address for a single PUT, or
 * `multipart` with an address for each part. Each PUT is answered with an `ETag`.
 */
export const presignedFileSchema = z.looseObject({
  filename: z.string(),
  file_key: z.string(),
  presigned_url: z.string().nullish(),
  multipart: z
    .looseObject({ upload_id: z.string(), part_size: z.int().positive(), parts: z.array(presignedPartSchema) })
    .nullish(),
});

/** Its answer, in the order of the request. */
export const presignSchema = z.looseObject({
  files: z.array(presignedFileSchema),
  expires_at: z.string().nullish(),
});

/** What was put there, as `POST data_files/presigned_upload/confirm_upload/` takes it. */
export const storedObjectSchema = z.object({
  file_key: z.string(),
  /** SHA-1, hex. */
  checksum: z.string(),
  /** Bytes. */
  size: z.int().nonnegative(),
  multipart: z
    .object({
      upload_id: z.string(),
      parts: z.array(z.object({ part_number: z.int().positive(), etag: z.string() })),
    })
    .optional(),
});

export const confirmRequestSchema = z.object({ files: z.array(storedObjectSchema) });

export const confirmedFileSchema = z.looseObject({
  file_key: z.string(),
  checksum: z.string().nullish(),
  data_file_id: idSchema.nullish(),
  success: z.boolean(),
  error: z.string().nullish(),
});

/** Answer of `POST data_files/presigned_upload/confirm_upload/`, in any order. */
export const confirmSchema = z.looseObject({
  results: z.array(confirmedFileSchema),
  created_count: z.int().optional(),
  failed_count: z.int().optional(),
});

export type PresignRequest = z.input<typeof presignRequestSchema>;
export type PresignedFile = z.infer<typeof presignedFileSchema>;
export type PresignedFiles = z.infer<typeof presignSchema>;
export type StoredObject = z.infer<typeof storedObjectSchema>;
export type ConfirmedFile = z.infer<typeof confirmedFileSchema>;
