import { setTimeout as wait } from 'node:timers/promises';

import type { RequestBody } from './request-body.js';

const CLOSE_GRACE_MS = 200;

/**
 * A request body on its way out. Whoever sends it asks for the first chunk only once there is a connection, so as long as
 * nobody `asked`, the server cannot have seen the request; that is what makes repeating a POST safe or not.
 */
export class OutgoingStream {
  readonly #iterator: AsyncIterator<Uint8Array>;
  readonly #onChunk: () => void;
  #asked = false;
  #finished = false;
  #failure: { readonly error: unknown } | undefined;

  /** @param onChunk called for each chunk that is asked for, before it is read */
  constructor(body: RequestBody, onChunk: () => void) {
    this.#iterator = body.read()[Symbol.asyncIterator]();
    this.#onChunk = onChunk;
  }

  /** The next chunk; undefined after the last. Nothing is read ahead. @throws what reading the body throws */
  async next(): Promise<Uint8Array | undefined> {
    this.#asked = true;
    this.#onChunk();
    try {
      const next = await this.#iterator.next();
      if (next.done !== true) return next.value;
      this.#finished = true;
      return undefined;
    } catch (error) {
      this.#failure = { error };
      throw error;
    }
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
