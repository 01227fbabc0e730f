import type { ChunkedUpload } from '../store/chunked-uploads.js';
import type { DataFile } from '../store/data-files.js';
import type { DataUnit } from '../store/data-units.js';
import type { Model } from '../store/models.js';
import type { Content } from '../store/running-digest.js';
import type { Addresses } from './addresses.js';

/** A data file as the API tells of it. */
export function dataFileAnswer(file: DataFile, addresses: Addresses): object {
  const { id, checksum, size, created_at: createdAt, content, name } = file;
  return { id, file: addresses.ofFile(content, name), checksum, size, created_at: createdAt, updated_at: createdAt };
}

/** A data unit: what was posted, and for each file an address. */
export function dataUnitAnswer({ files, groups, ...unit }: DataUnit, addresses: Addresses): object {
  const answered = files.map(({ name, checksum, path, content, filename, file_type: type, is_primary: isPrimary }) => [
    name,
    {
      checksum,
      ...(path !== null && { path }),
      url: addresses.ofFile(content, filename),
      file_type: type,
      is_primary: isPrimary,
    },
  ]);
  return { ...unit, files: Object.fromEntries(answered) as object, groups, group: groups.at(-1) ?? null };
}

/** A model, with the address of its file. */
export function modelAnswer(
  { id, name, body, filename, content, created_at: createdAt }: Model,
  addresses: Addresses,
): object {
  const file = content === null ? null : addresses.ofFile(content, filename ?? 'model');
  return { ...(JSON.parse(body) as object), id, name, file, created_at: createdAt };
}

/** An upload in chunks; whole once `completed_at` is set. */
export function chunkedUploadAnswer(upload: ChunkedUpload, addresses: Addresses, content?: Content): object {
  const { id, filename, received, completed_at: completedAt } = upload;
  const file = content === undefined ? null : addresses.ofFile(content.sha256, filename);
  const checksum = content?.md5 ?? null;
  const url = `${addresses.origin}/chunked_upload/${id}/`;
  const status = completedAt === null ? 1 : 2;
  return { id, url, filename, offset: received, size: received, file, checksum, status, completed_at: completedAt };
}
