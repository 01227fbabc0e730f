import { setTimeout as wait } from 'node:timers/promises';

import { BackendError } from '../errors/backend-error.js';
import type { RequestBody } from './request-body.js';

const CLOSE_GRACE_MS = 200;

/**
 * A request body on its way out. Whoever sends it asks for the first chunk only once there is a connection, so as long as
 * nobody `asked`, the server cannot have seen the request; that is what makes repeating a POST safe or not.
 */
export class OutgoingStream {
  readonly #iterator: AsyncIterator<Uint8Array>;
  readonly #onChunk: () => void;
  readonly #length: number;
  #bytes = 0;
  #asked = false;
  #finished = false;
  #failure: { readonly error: unknown } | undefined;

  /** @param onChunk called for each chunk that is asked for, before it is read */
  constructor(body: RequestBody, onChunk: () => void) {
    this.#iterator = body.read()[Symbol.asyncIterator]();
    this.#onChunk = onChunk;
    this.#length = body.length;
  }

  /** The next chunk; undefined after the last. Nothing is read ahead. @throws what reading the body throws */
  async next(): Promise<Uint8Array | undefined> {
    this.#asked = true;
    this.#onChunk();
    try {
      const next = await this.#iterator.next();
      await this.#count(next);
      if (next.done !== true) return next.value;
      this.#finished = true;
      return undefined;
    } catch (error) {
      this.#failure = { error };
      throw error;
    }
  }

  /** What came after the announced length would be taken for the next request of this connection. */
  async #count(next: IteratorResult<Uint8Array>): Promise<void> {
    if (next.done !== true) this.#bytes += next.value.length;
    const isLonger = this.#bytes > this.#length;
    if (!isLonger && (next.done !== true || this.#bytes === this.#length)) return;
    await this.close();
    throw new BackendError({
      code: 'file_changed',
      message: `What is sent was said to have ${this.#length} bytes, and has ${this.#bytes}${isLonger ? ' or more' : ''}. Send it again once nobody writes to it.`,
      retryable: true,
    });
  }

  /** True once the first chunk was asked for. */
  get asked(): boolean {
    return this.#asked;
  }

  /** True once all of it was handed over. */
  get finished(): boolean {
    return this.#finished;
  }

  /** What went wrong while reading the body itself: then it is not the network's fault. */
  get failure(): { readonly error: unknown } | undefined {
    return this.#failure;
  }

  /** Lets go of what the body reads from; does not wait for one that hangs. */
  async close(): Promise<void> {
    if (this.#finished || this.#failure) return; // it has let go by itself
    await Promise.race([this.#iterator.return?.(), wait(CLOSE_GRACE_MS, undefined, { ref: false })]);
  }
}
