import type { Id } from '@synapse-steps/backend/api';
import { z } from 'zod';

const idSchema = z.union([z.int(), z.string().min(1)]) satisfies z.ZodType<Id>;
const count = (fallback: number) => z.int().positive().default(fallback);

/** Where the files of one specification are. */
const assetSchema = z.object({ path: z.string().min(1), is_recursive: z.boolean().default(true) });

/** What may be tuned; in `extra_params` it goes before the same name at the top. */
const extraParamsSchema = z.looseObject({
  use_presigned: z.boolean().optional(),
  skip_local_duplicates: z.boolean().optional(),
  skip_existing_checksums: z.boolean().optional(),
  checksum_batch_size: z.int().positive().optional(),
  /** Seconds. */
  upload_read_timeout: z.number().positive().optional(),
});

/**
 * The params of an upload, by the names that the backend's jobs and the Python SDK give them. Unknown ones are dropped.
 *
 * @example
 * uploadParamsSchema.parse({ name: 'Batch 1', storage: 1, data_collection: 5, path: 'pictures' });
 */
export const uploadParamsSchema = z.object({
  name: z.string().refine((name) => name.trim() !== '', {
    message: 'The name is blank',
    params: { code: 'value_error' },
  }),
  description: z.string().nullish(),
  storage: idSchema,
  data_collection: idSchema,
  project: idSchema.nullish(),
  use_single_path: z.boolean().default(true),
  path: z.string().nullish(),
  is_recursive: z.boolean().default(true),
  assets: z.record(z.string(), assetSchema).nullish(),
  excel_metadata_path: z.string().nullish(),
  /** Files above this go in chunks. It is no limit. */
  max_file_size_mb: z.number().nonnegative().default(50),
  creating_data_unit_batch_size: count(200),
  creating_data_unit_max_workers: count(1),
  creating_data_unit_max_retries: z.int().default(2),
  upload_max_workers: count(10),
  upload_batch_size: count(200),
  upload_max_retries: z.int().default(2),
  /** Accepted for the sake of the Python SDK's jobs; one process sends all. */
  upload_ray_workers: count(1),
  group_name: z.string().nullish(),
  /** Accepted for the sake of the Python SDK's jobs; sending is always asynchronous. */
  use_async_upload: z.boolean().default(true),
  extra_params: extraParamsSchema.nullish(),
});

export type UploadParams = z.output<typeof uploadParamsSchema>;
export type UploadParamsInput = z.input<typeof uploadParamsSchema>;
