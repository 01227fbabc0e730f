import { createHash } from 'node:crypto';

import type { PresignedFile, StoredObject } from '../api/presigned-upload.js';
import { BackendError } from '../errors/backend-error.js';
import { countedBody, hashedBody } from '../files/hashed-body.js';
import type { UploadSource } from '../files/upload-source.js';
import type { RequestBody } from '../http/request-body.js';
import type { Transport } from '../http/transport.js';
import type { SendOptions } from '../resources/call-options.js';
import { putToStore, type PutContext } from './put-to-store.js';

export interface PutOptions extends SendOptions {
  /** The type that was told when asking for the address; part of what was signed. */
  readonly contentType?: string | undefined;
  /** How many more tries. Default: the client's. */
  readonly retries?: number | undefined;
}

const READ_TIMEOUT_MS = 300_000;

/** Puts a file to its presigned address, or its parts to theirs, and tells what is to be confirmed. */
export async function putObject(
  target: PresignedFile,
  source: UploadSource,
  { transport, ...options }: PutOptions & { readonly transport: Transport },
): Promise<StoredObject> {
  const context: PutContext = { ...options, transport, readTimeoutMs: options.readTimeoutMs ?? READ_TIMEOUT_MS };
  if (target.multipart) return putParts({ ...target, multipart: target.multipart }, source, context);
  if (!target.presigned_url) throw noAddress(source.name);
  const body = hashedBody(source, 'sha1', options.contentType);
  await putToStore(target.presigned_url, countedBody(body, options.onBytes), context);
  const checksum = body.checksum();
  if (checksum === undefined) throw tooEarly(source.name);
  return { file_key: target.file_key, checksum, size: source.size };
}

type MultipartFile = PresignedFile & { multipart: NonNullable<PresignedFile['multipart']> };

/** One part after the other, so that the file is read once, and its checksum with it. */
async function putParts(target: MultipartFile, source: UploadSource, context: PutContext): Promise<StoredObject> {
  const { upload_id, part_size, parts } = target.multipart;
  if (parts.length * part_size < source.size) throw tooFewParts(source, parts.length * part_size);
  let hash = createHash('sha1');
  const done: { part_number: number; etag: string }[] = [];
  for (const [index, { part_number, presigned_url }] of parts.entries()) {
    const range = { start: index * part_size, end: Math.min(source.size, (index + 1) * part_size) };
    if (range.start >= range.end) break;
    let partHash = hash;
    const body: RequestBody = {
      contentType: undefined, // that of a part is not signed
      length: range.end - range.start,
      async *read() {
        partHash = hash.copy(); // each try starts where the last part ended
        let bytes = range.start;
        for await (const chunk of source.read(range)) {
          partHash.update(chunk);
          yield chunk;
          context.onBytes?.((bytes += chunk.length));
        }
      },
    };
    const etag = await putToStore(presigned_url, body, context);
    if (etag === undefined) throw noTag(source.name, part_number);
    done.push({ part_number, etag });
    hash = partHash;
  }
  const checksum = hash.digest('hex');
  return { file_key: target.file_key, checksum, size: source.size, multipart: { upload_id, parts: done } };
}

function noAddress(name: string): BackendError {
  return invalid(`The backend names no address for ${name}: neither presigned_url nor multipart.`);
}

function tooEarly(name: string): BackendError {
  return invalid(`The object store answered before all of ${name} was sent, so it cannot be confirmed. Send it again.`);
}

function tooFewParts({ name, size }: UploadSource, room: number): BackendError {
  return invalid(`The backend gives ${name} parts for ${room} bytes; the file has ${size}. Ask for addresses anew.`);
}

function noTag(name: string, part: number): BackendError {
  return invalid(`The object store answered part ${part} of ${name} without an ETag, so it cannot be confirmed.`);
}

function invalid(message: string): BackendError {
  return new BackendError({ code: 'backend_answer_invalid', message });
}
