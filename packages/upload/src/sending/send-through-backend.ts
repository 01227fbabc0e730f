import { BackendError, type StoredDataFile, type UploadSource } from '@synapse-steps/backend';
import type { Id } from '@synapse-steps/backend/api';

import { failed, type Delivery, type Parcel, type Sending } from './delivery.js';

/** One file through the backend: in one request, or in chunks when it is large. */
export async function sendThroughBackend(parcel: Parcel, sending: Sending): Promise<Delivery> {
  const { path, source } = parcel;
  await sending.willStore([{ path }]);
  try {
    const goesInChunks = source.size > sending.settings.chunkAbove;
    const { file, chunkedUpload } = goesInChunks
      ? await sendInChunks(parcel, sending)
      : { file: await send(parcel, sending), chunkedUpload: undefined };
    const { id, checksum } = file;
    // Whose id was lost may be another's of equal content: then this upload is still one.
    const used = id !== undefined && chunkedUpload !== undefined && { chunkedUpload };
    await sending.stored([{ path, checksum, ...(id !== undefined && { id }), ...used }]);
    return { is: 'stored', checksum, ...(id !== undefined && { id }) };
  } catch (error) {
    return { ...failed(error, 'backend', sending), again: 'never' }; // there is no other way left
  }
}

interface SentInChunks {
  readonly file: StoredDataFile;
  readonly chunkedUpload: Id | undefined;
}

async function sendInChunks(parcel: Parcel, sending: Sending): Promise<SentInChunks> {
  const { path, source } = parcel;
  const { chunks } = sending;
  let chunkedUpload: Id | undefined;
  let tries = 0;
  const counted: UploadSource = {
    ...source,
    read: (range) => {
      tries += 1;
      return source.read(range);
    },
  };
  await chunks.willBegin(path);
  try {
    const file = await send({ ...parcel, source: counted }, sending, async (id) => {
      chunkedUpload = id;
      await chunks.begun(path, id);
    });
    return { file, chunkedUpload };
  } catch (error) {
    // Of a first chunk that was sent more than once, the answer to an earlier try may have been lost.
    if (chunkedUpload === undefined && tries <= 1 && isSurelyNotDone(error)) await chunks.notBegun(path);
    throw error;
  }
}

const NOT_DONE = new Set(['backend_refused', 'backend_unreachable', 'file_not_readable', 'file_changed']);

function isSurelyNotDone(error: unknown): boolean {
  return BackendError.is(error) && NOT_DONE.has(error.code);
}

async function send(
  parcel: Parcel,
  { client, settings, signal, onBytes }: Sending,
  onBegun?: (id: Id) => Promise<void>,
): Promise<StoredDataFile> {
  return await client.dataFiles.upload(parcel.source, {
    chunkAbove: settings.chunkAbove,
    readTimeoutMs: settings.readTimeoutMs,
    signal,
    onBytes: (bytes) => onBytes(parcel, bytes),
    ...(onBegun && { onBegun }),
  });
}
