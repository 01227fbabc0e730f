import type { FileSpecification } from '@synapse-steps/backend/api';

import type { UploadContext, UploadStorage } from '../upload-context.js';
import { UploadError } from '../upload-error.js';

/** The storage that `initialize` opened. @throws UploadError `storage_not_usable` when no step has */
export function storageOf({ storage }: UploadContext): UploadStorage {
  if (storage !== undefined) return storage;
  throw new UploadError({
    code: 'storage_not_usable',
    message: 'The storage has not been opened. Register InitializeStep before this step.',
  });
}

/** What `analyze_collection` found. @throws UploadError `specifications_missing` */
export function specificationsOf({ dataCollection }: UploadContext): readonly FileSpecification[] {
  const specifications = dataCollection?.file_specifications ?? [];
  if (specifications.length > 0) return specifications;
  throw new UploadError({ code: 'specifications_missing', message: 'File specifications not available' });
}
