import type { UploadParams } from './upload-params.js';

/** How files are sent and data units made; what the params say, in the units that the code uses. */
export interface UploadSettings {
  /** Files for one request of addresses. */
  readonly batchSize: number;
  /** How many files travel at once. */
  readonly maxWorkers: number;
  /** How many more tries a file has, 0–10. */
  readonly maxRetries: number;
  readonly usePresigned: boolean;
  /** Equal files are sent once. */
  readonly skipLocalDuplicates: boolean;
  /** Files that the backend has are not sent. */
  readonly skipExistingChecksums: boolean;
  readonly checksumBatchSize: number;
  /** Files above this many bytes go in chunks. */
  readonly chunkAbove: number;
  readonly readTimeoutMs: number;
  readonly dataUnitBatchSize: number;
  readonly dataUnitMaxWorkers: number;
  /** How many more tries a batch has, 0–10. */
  readonly dataUnitMaxRetries: number;
  /** The data group of every unit. */
  readonly groupName: string | undefined;
}

/** @param env may set SYNAPSE_UPLOAD_READ_TIMEOUT, in seconds */
export function uploadSettings(params: UploadParams, env: Readonly<Record<string, string>> = {}): UploadSettings {
  const extra = params.extra_params ?? {};
  const number = (name: NumberName): number => numberOf(extra[name]) ?? params[name];
  const groupName = params.group_name?.trim();
  return {
    batchSize: atLeastOne(number('upload_batch_size')),
    maxWorkers: atLeastOne(number('upload_max_workers')),
    maxRetries: retries(number('upload_max_retries')),
    usePresigned: extra.use_presigned ?? true,
    skipLocalDuplicates: extra.skip_local_duplicates ?? true,
    skipExistingChecksums: extra.skip_existing_checksums ?? false,
    checksumBatchSize: extra.checksum_batch_size ?? 1000,
    chunkAbove: Math.floor(number('max_file_size_mb') * 2 ** 20),
    readTimeoutMs: 1000 * (extra.upload_read_timeout ?? numberOf(env['SYNAPSE_UPLOAD_READ_TIMEOUT']) ?? 300),
    dataUnitBatchSize: atLeastOne(number('creating_data_unit_batch_size')),
    dataUnitMaxWorkers: atLeastOne(number('creating_data_unit_max_workers')),
    dataUnitMaxRetries: retries(number('creating_data_unit_max_retries')),
    groupName: groupName === '' ? undefined : groupName,
  };
}

type NumberName = {
  [Name in keyof UploadParams]-?: UploadParams[Name] extends number ? Name : never;
}[keyof UploadParams];

function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) && number >= 0 ? number : undefined;
}

function atLeastOne(number: number): number {
  return Math.max(1, Math.floor(number));
}

function retries(number: number): number {
  return Math.min(10, Math.max(0, Math.floor(number)));
}
