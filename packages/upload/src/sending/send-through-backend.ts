import type { ChunkedUploadOptions, StoredDataFile } from '@synapse-steps/backend';
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
  const { path } = parcel;
  const { chunks } = sending;
  let chunkedUpload: Id | undefined;
  await chunks.willBegin(path);
  const file = await send(parcel, sending, {
    onBegun: async (id, facts) => {
      chunkedUpload = id;
      await chunks.begun(path, id, facts);
    },
    onNotBegun: () => chunks.notBegun(path),
  });
  return { file, chunkedUpload };
}

async function send(
  parcel: Parcel,
  { client, settings, signal, onBytes }: Sending,
  notes: Pick<ChunkedUploadOptions, 'onBegun' | 'onNotBegun'> = {},
): Promise<StoredDataFile> {
  return await client.dataFiles.upload(parcel.source, {
    chunkAbove: settings.chunkAbove,
    readTimeoutMs: settings.readTimeoutMs,
    signal,
    onBytes: (bytes) => onBytes(parcel, bytes),
    ...notes,
  });
}
