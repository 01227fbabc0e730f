import { failed, type Delivery, type Parcel, type Sending } from './delivery.js';

/** One file through the backend: in one request, or in chunks when it is large. */
export async function sendThroughBackend(parcel: Parcel, sending: Sending): Promise<Delivery> {
  const { client, settings, signal } = sending;
  const { path, source } = parcel;
  await sending.willStore([{ path }]);
  try {
    const { id, checksum } = await client.dataFiles.upload(source, {
      chunkAbove: settings.chunkAbove,
      readTimeoutMs: settings.readTimeoutMs,
      signal,
      onBytes: (bytes) => sending.onBytes(parcel, bytes),
    });
    await sending.stored([{ path, checksum, ...(id !== undefined && { id }) }]);
    return { is: 'stored', checksum, ...(id !== undefined && { id }) };
  } catch (error) {
    return { ...failed(error, 'backend', sending), again: 'never' }; // there is no other way left
  }
}
