import type { UploadContext } from '@synapse-steps/upload';
import type { BackendState } from '../../../../test-fixtures/backend/backend-state.js';

type Facts = Readonly<Record<string, unknown>>;

export interface Known {
  readonly context: UploadContext;
  readonly backend: BackendState;
}

/**
 * What the SDK has in the data of its steps, told by ours. Lists are in the context only, not once more in the data, and
 * names are in camelCase; what is told is the same.
 */
export function stepFacts(name: string, data: Facts, known: Known): Facts {
  return facts[name]?.(data, known) ?? data;
}

/** Which ids undo would work on; how they are written down is nobody's business but the step's. */
export function undoFacts(name: string, undo: Facts): Facts {
  const blocksOf = (prefix: string): unknown[] =>
    Object.entries(undo).flatMap(([key, block]) => (key.startsWith(`${prefix}:`) ? (block as unknown[]) : []));
  if (name === 'upload_files') return { data_files: blocksOf('stored').map((row) => (row as readonly unknown[])[1]) };
  if (name === 'generate_data_units') return { data_units: blocksOf('units').flatMap(idsIn) };
  return undo;
}

function idsIn(range: unknown): unknown[] {
  if (!Array.isArray(range)) return [range];
  const [first, last] = range as unknown as readonly [number, number];
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

const facts: Readonly<Record<string, (data: Facts, known: Known) => Facts>> = {
  initialize: ({ storageId, ...rest }, { context }) => ({
    ...rest,
    storage_id: storageId,
    pathlib_cwd: context.baseFolder ?? null,
  }),
  process_metadata: (data, { context }) => ({ ...data, metadata: context.fileMetadata }),
  analyze_collection: (data, { context }) => ({
    ...data,
    file_specifications: context.dataCollection?.file_specifications ?? [],
  }),
  organize_files: (data, { context }) => ({
    ...data,
    organized_files: context.organizedFiles.map(({ files, meta }) => ({
      files,
      meta,
      ...(context.settings.groupName !== undefined && { groups: [context.settings.groupName] }),
    })),
  }),
  validate_files: (data) => ({ ...data, validation_passed: true }),
  upload_files: (
    { partialFailure, attemptedFilesCount, uploadedFilesCount, lostFilesCount, ...rest },
    { context },
  ) => ({
    ...rest,
    uploaded_files: uploadedFiles(context),
    ...(partialFailure === true && {
      partial_failure: true,
      attempted_files_count: attemptedFilesCount,
      uploaded_files_count: uploadedFilesCount,
      lost_files_count: lostFilesCount,
      lost_files: context.lostFiles.map(({ path }) => path),
    }),
  }),
  generate_data_units: (data, { context, backend }) => ({
    ...data,
    generated_data_units: context.dataUnits.map(({ id }) =>
      backend.created.data_units.find((unit) => unit['id'] === id),
    ),
  }),
  cleanup: (data) => ({ ...data, cleanup_completed: true, statistics: statistics(data) }),
};

function uploadedFiles(context: UploadContext): unknown[] {
  return context.uploadedFiles.map(({ files, meta, groups }) => ({
    data_collection: context.dataCollection?.id,
    files: Object.fromEntries(
      Object.entries(files).map(([spec, { path, checksum }]) => [spec, { checksum, path }] as const),
    ),
    meta,
    ...(groups && { groups }),
  }));
}

function statistics(data: Facts): Facts {
  const { organizedFiles, uploadedFiles: uploaded, dataUnits, importSuccessCount, importFailedCount } = data;
  return {
    organized_files: organizedFiles,
    uploaded_files: uploaded,
    data_units: dataUnits,
    import_total_files: Number(importSuccessCount) + Number(importFailedCount),
    import_success_count: importSuccessCount,
    import_failed_count: importFailedCount,
  };
}
