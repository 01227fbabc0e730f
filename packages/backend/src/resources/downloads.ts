import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';

import { BackendError } from '../errors/backend-error.js';
import { withoutQuery, withoutSecretsOf } from '../http/address.js';
import { pause } from '../http/pause.js';
import { retryAfter, retryDelay } from '../http/retry-delay.js';
import { LostAnswerError, sendOnce, type WireAnswer } from '../http/send-once.js';
import type { Transport } from '../http/transport.js';
import type { SendOptions } from './call-options.js';

const READ_TIMEOUT_MS = 300_000;

/** Files at addresses that the backend hands out. No token is sent there. */
export class Downloads {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Streams a file to disk; memory does not grow with it. The file appears under its name only when it is complete; one
   * that is there already is replaced.
   *
   * @returns its size in bytes
   */
  async toFile(url: string, path: string, options: SendOptions = {}): Promise<number> {
    const part = `${path}.${randomUUID()}.part`;
    try {
      const size = await this.read(url, (chunks) => save(chunks, part, options), options);
      await rename(part, path);
      return size;
    } catch (error) {
      await rm(part, { force: true });
      throw error;
    }
  }

  /**
   * Hands what is at an address to `take`, chunk by chunk as it arrives. Where an answer is cut off, `take` is called anew, with
   * another one from its beginning; the chunks of the first one end in an error.
   *
   * @returns what `take` makes of it
   */
  async read<T>(
    url: string,
    take: (chunks: AsyncIterable<Uint8Array>) => Promise<T>,
    options: Omit<SendOptions, 'onBytes'> = {},
  ): Promise<T> {
    const { retry } = this.#transport;
    for (let count = 0; ; count += 1) {
      try {
        return await this.#once(url, options, take);
      } catch (error) {
        if (!BackendError.is(error) || !error.retryable || count >= retry.retries) throw error;
        await pause(error.retryAfterMs ?? retryDelay(retry, count), options.signal);
      }
    }
  }

  async #once<T>(
    url: string,
    options: SendOptions,
    take: (chunks: AsyncIterable<Uint8Array>) => Promise<T>,
  ): Promise<T> {
    const { connectTimeoutMs } = this.#transport;
    const { readTimeoutMs = READ_TIMEOUT_MS, signal } = options;
    const path = withoutQuery(url);
    const request = { method: 'GET', url, headers: {}, connectTimeoutMs, readTimeoutMs, signal, followRedirects: true };
    try {
      return await sendOnce(request, (answer) => {
        if (answer.status < 200 || answer.status >= 300) throw refused(path, answer);
        return take(answer.chunks);
      });
    } catch (error) {
      if (!(error instanceof LostAnswerError)) throw error;
      const code = error.sent ? 'backend_no_answer' : 'backend_unreachable';
      const message = `GET ${path} did not come through: ${withoutSecretsOf(url, error.message)}.`;
      throw new BackendError({ code, method: 'GET', path, message, retryable: true });
    }
  }
}

async function save(chunks: AsyncIterable<Uint8Array>, path: string, { onBytes }: SendOptions): Promise<number> {
  let size = 0;
  await pipeline(async function* count() {
    for await (const chunk of chunks) {
      size += chunk.length;
      yield chunk;
      onBytes?.(size);
    }
  }, createWriteStream(path));
  return size;
}

function refused(path: string, { status, headers }: WireAnswer): BackendError {
  const retryAfterMs = retryAfter(headers.get('retry-after'));
  return new BackendError({
    code: status < 500 ? 'backend_refused' : 'backend_failed',
    method: 'GET',
    path,
    status,
    message: `GET ${path} was refused with ${status}.`,
    retryable: status >= 500 || [408, 425, 429].includes(status),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}
