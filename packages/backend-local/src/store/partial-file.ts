import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { TooLargeError } from './store-error.js';

export interface ReceiveOptions {
  /** Where in the file the first byte goes. */
  readonly position: number;
  /** How many bytes may come; one more is a `TooLargeError`. */
  readonly limit: number;
  /** Is given every byte that was written. */
  readonly digest: { update(bytes: Uint8Array): void };
}

/**
 * Writes a stream into a file that nobody sees yet, chunk by chunk, and syncs it. Resolves to the number of bytes. What an
 * earlier attempt had written from `position` on is overwritten.
 */
export async function receiveInto(
  file: string,
  source: AsyncIterable<Uint8Array>,
  { position, limit, digest }: ReceiveOptions,
): Promise<number> {
  const handle = await open(file, CREATE_OR_UPDATE, 0o600);
  try {
    let received = 0;
    for await (const chunk of source) {
      if (received + chunk.byteLength > limit) throw new TooLargeError(limit);
      digest.update(chunk);
      await writeAll(handle, chunk, position + received);
      received += chunk.byteLength;
    }
    await handle.sync();
    return received;
  } finally {
    await handle.close();
  }
}

/** Cuts off what an attempt that broke off had left behind the end. */
export async function truncateTo(file: string, size: number): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.truncate(size);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function writeAll(handle: FileHandle, chunk: Uint8Array, position: number): Promise<void> {
  let written = 0;
  while (written < chunk.byteLength) {
    const { bytesWritten } = await handle.write(chunk, written, chunk.byteLength - written, position + written);
    written += bytesWritten;
  }
}

const CREATE_OR_UPDATE = constants.O_RDWR | constants.O_CREAT;
