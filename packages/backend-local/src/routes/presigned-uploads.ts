import { confirmRequestSchema, presignRequestSchema } from '@synapse-steps/backend/api';
import { readJson } from '../http/read-body.js';
import type { App, Served } from '../http/served.js';
import { Problem } from '../problem.js';
import { confirmUpload } from '../store/confirm-upload.js';
import type { StoredObject } from '../store/objects.js';
import { safeFilename } from '../store/safe-filename.js';

/** Addresses to which files are put without an account, and the confirmation that makes data files of them. */
export function addPresignedUploadRoutes(app: App, served: Served): void {
  const { store, objects, limits } = served;

  app.post('/data_files/presigned_upload/upload', async (context) => {
    const { files, expiration } = await readJson(context, presignRequestSchema, limits.jsonBytes);
    if (files.length > MAX_FILES)
      throw new Problem(400, { files: [`At most ${MAX_FILES} at a time, not ${files.length}.`] });
    const tooLarge = files.find(({ size }) => size > limits.fileBytes);
    if (tooLarge) throw new Problem(413, `${safeFilename(tooLarge.filename)} has more than ${limits.fileBytes} bytes.`);
    store.contents.checkRoom(files.reduce((sum, { size }) => sum + size, 0));
    const expiresAt = new Date(Date.now() + Math.min(expiration, MAX_SECONDS) * 1000);
    const reserved = await objects.reserve(
      files.map(({ filename, size }) => ({
        filename: safeFilename(filename),
        size,
        expiresAt: expiresAt.toISOString(),
        partSize: size > limits.partBytes ? limits.partBytes : undefined,
      })),
    );
    const answered = reserved.map((object, index) =>
      presign(object, files[index]?.filename ?? object.filename, served),
    );
    return context.json({ files: answered, expires_at: expiresAt.toISOString() });
  });

  app.post('/data_files/presigned_upload/confirm_upload', async (context) => {
    const { files } = await readJson(context, confirmRequestSchema, limits.jsonBytes);
    if (files.length > MAX_FILES)
      throw new Problem(400, { files: [`At most ${MAX_FILES} at a time, not ${files.length}.`] });
    const results = await Promise.all(files.map(async (file) => await confirmUpload(store, objects, file)));
    const created = results.filter(({ success }) => success).length;
    return context.json({ results, created_count: created, failed_count: results.length - created });
  });

  // Not in the original, where what was not confirmed goes by itself. Here, too; but whoever undoes need not wait for that.
  app.delete('/v2/objects/:key', async (context) => {
    await objects.delete(context.req.param('key'));
    return context.body(null, 204);
  });
}

const MAX_FILES = 10_000;
const MAX_SECONDS = 7 * 24 * 60 * 60;

function presign(object: StoredObject, filename: string, { addresses }: Served): object {
  const { key, part_size: partSize, upload_id: uploadId, total } = object;
  const expiresAt = new Date(object.expires_at);
  if (partSize === null) return { filename, file_key: key, presigned_url: addresses.ofObject(key, expiresAt) };
  const parts = Array.from({ length: Math.ceil(total / partSize) }, (_, index) => ({
    part_number: index + 1,
    presigned_url: addresses.ofObject(key, expiresAt, index + 1),
  }));
  return { filename, file_key: key, multipart: { upload_id: uploadId, part_size: partSize, parts } };
}
