import { closeSync, constants, fdatasync, open, write, writeSync } from 'node:fs';
import { open as openHandle } from 'node:fs/promises';
import { promisify } from 'node:util';
import { TooLargeError } from './store-error.js';

export interface ReceiveOptions {
  /** Where in the file the first byte goes. */
  readonly position: number;
  /** How many bytes may come; one more is a `TooLargeError`. */
  readonly limit: number;
  /** Is given every byte that was written. */
  readonly digest: { update(bytes: Uint8Array): void };
  /** Is told once it is clear that the file is a large one. */
  readonly onLarge?: () => void;
}

/**
 * Writes a stream into a file that nobody sees yet, and syncs it. Resolves to the number of bytes. What an earlier attempt
 * had written from `position` on is overwritten.
 */
export async function receiveInto(
  file: string,
  source: AsyncIterable<Uint8Array>,
  { position, limit, digest, onLarge }: ReceiveOptions,
): Promise<number> {
  const partial = new PartialFile(file, position);
  try {
    let received = 0;
    for await (const chunk of source) {
      received += chunk.byteLength;
      if (received > limit) throw new TooLargeError(limit);
      digest.update(chunk);
      if (received > BLOCK_BYTES) onLarge?.();
      await partial.add(chunk);
    }
    await partial.sync();
    return received;
  } finally {
    await partial.close();
  }
}

/** Cuts off what an attempt that broke off had left behind the end. */
export async function truncateTo(file: string, size: number): Promise<void> {
  const handle = await openHandle(file, 'r+');
  try {
    await handle.truncate(size);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** How much is gathered before it is written; what is smaller is written at once when it ends. */
const BLOCK_BYTES = 256 * 1024;
const CREATE_OR_UPDATE = constants.O_RDWR | constants.O_CREAT;
const openLater = promisify(open);
const writeLater = promisify(write);
const syncData = promisify(fdatasync);

/**
 * A file that is being written. A call that goes through Node's threads costs more than writing a small file, so only what
 * may wait for the disk does: opening it, its sync, and the blocks of large files, which are written while the next one comes.
 */
class PartialFile {
  readonly #opening: Promise<number>;
  #position: number;
  #gathered: Uint8Array[] = [];
  #gatheredBytes = 0;
  #writing: Promise<void> = Promise.resolve();

  constructor(file: string, position: number) {
    this.#opening = openLater(file, CREATE_OR_UPDATE, 0o600);
    this.#opening.catch(() => undefined); // whoever writes is told
    this.#position = position;
  }

  async add(chunk: Uint8Array): Promise<void> {
    this.#gathered.push(chunk);
    this.#gatheredBytes += chunk.byteLength;
    if (this.#gatheredBytes < BLOCK_BYTES) return;
    await this.#writing;
    this.#writing = this.#writeLater(this.#takeGathered());
    this.#writing.catch(() => undefined); // whoever waits for it next is told
  }

  /** Resolves once all of it is on the disk. */
  async sync(): Promise<void> {
    await this.#writing;
    let rest = this.#takeGathered();
    const descriptor = await this.#opening;
    while (rest.byteLength > 0) {
      const written = writeSync(descriptor, rest, 0, rest.byteLength, this.#position);
      this.#position += written;
      rest = rest.subarray(written);
    }
    await syncData(descriptor);
  }

  async close(): Promise<void> {
    await this.#writing.catch(() => undefined); // told already, or something else has ended it before
    const descriptor = await this.#opening.catch(() => undefined);
    if (descriptor !== undefined) closeSync(descriptor);
  }

  async #writeLater(block: Uint8Array): Promise<void> {
    const descriptor = await this.#opening;
    for (let done = 0; done < block.byteLength;) {
      const { bytesWritten } = await writeLater(descriptor, block, done, block.byteLength - done, this.#position);
      this.#position += bytesWritten;
      done += bytesWritten;
    }
  }

  #takeGathered(): Uint8Array {
    const [first] = this.#gathered;
    const all = this.#gathered.length === 1 && first ? first : Buffer.concat(this.#gathered);
    this.#gathered = [];
    this.#gatheredBytes = 0;
    return all;
  }
}
