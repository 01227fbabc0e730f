import { setTimeout as wait } from 'node:timers/promises';

import type { RequestBody } from './request-body.js';

const CLOSE_GRACE_MS = 200;

/**
 * A request body on its way out. `fetch` asks for the first chunk only once it has a connection, so as long as nobody
 * `asked`, the server cannot have seen the request; that is what makes repeating a POST safe or not.
 *
 * It is a plain ReadableStream that holds nothing back (`highWaterMark: 0`). An async iterable would be shorter, but Node
 * 20's `fetch` copies those into a byte stream and keeps gigabytes of it; this one stays flat.
 */
export class OutgoingStream {
  readonly stream: ReadableStream<Uint8Array>;
  readonly #iterator: AsyncIterator<Uint8Array>;
  #asked = false;
  #finished = false;
  #failure: { readonly error: unknown } | undefined;

  /** @param onChunk called for each chunk that is asked for, before it is read */
  constructor(body: RequestBody, onChunk: () => void) {
    this.#iterator = body.read()[Symbol.asyncIterator]();
    this.stream = new ReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          this.#asked = true;
          onChunk();
          await this.#pull(controller);
        },
        cancel: () => this.close(),
      },
      { highWaterMark: 0 },
    );
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

  async #pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    try {
      const next = await this.#iterator.next();
      if (next.done !== true) return controller.enqueue(next.value);
      this.#finished = true;
      controller.close();
    } catch (error) {
      this.#failure = { error };
      controller.error(error);
    }
  }
}
