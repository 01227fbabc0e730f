import { createHash, type Hash } from 'node:crypto';

import {
  chunkedUploadSchema,
  chunkReceiptSchema,
  type ChunkedUpload,
  type ChunkReceipt,
} from '../api/chunked-upload.js';
import type { Id } from '../api/id.js';
import { BackendError } from '../errors/backend-error.js';
import type { ByteRange, UploadSource } from '../files/upload-source.js';
import { pathPart } from '../http/address.js';
import { formBody } from '../http/form-body.js';
import { sendOrLookUp, type Finding } from '../http/look-up.js';
import { jsonBody, type RequestBody } from '../http/request-body.js';
import type { CallOptions, Transport } from '../http/transport.js';
import type { SendOptions } from './call-options.js';
import { deleteIfPossible, type Deletion } from './deletion.js';

export interface ChunkedUploadOptions extends SendOptions {
  /** Default 50 MiB. */
  readonly chunkBytes?: number;
  /**
   * Told the upload's id once it has one, after the first chunk; the next chunk waits for it. `mayHaveTwin`: the first chunk
   * was sent more than once, so that an upload with another id may be there, which nobody was told.
   */
  readonly onBegun?: (id: Id, facts: { readonly mayHaveTwin: boolean }) => void | Promise<void>;
  /** Told before it fails that its first chunk surely did not arrive: nothing of it is on the backend. */
  readonly onNotBegun?: () => void | Promise<void>;
}

const CHUNK_BYTES = 50 * 2 ** 20;
const READ_TIMEOUT_MS = 300_000;
/** Putting the chunks of a large file together takes the backend a while. */
const LOOKS_AFTER_END = 5;

export class ChunkedUploads {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  get(id: Id, options: CallOptions = {}): Promise<ChunkedUpload> {
    const path = `chunked_upload/${pathPart(id)}/`;
    return this.#transport.call({ method: 'GET', path, answer: chunkedUploadSchema, ...options });
  }

  /**
   * Deletes an upload of which nothing was made, finished or not, where the backend can: API v2 of the embedded one has it,
   * but others answer that they do not; one that is there all the same counts as kept.
   */
  async delete(id: Id, options: CallOptions = {}): Promise<Deletion> {
    return await deleteIfPossible(this.#transport, `v2/chunked-uploads/${pathPart(id)}/`, {
      ...options,
      isStillThere: () => this.#hasContent(id, options),
    });
  }

  /**
   * Sends a file in chunks, each of which may be repeated; memory does not grow with the file. The result's id is what
   * `dataFiles.register` and `models.create` take.
   *
   * The answer to a chunk, or to the end, that was lost is looked up by the upload's id. For the first chunk there is no id
   * yet: it is sent again, and what was sent before belongs to nobody.
   */
  async upload(source: UploadSource, options: ChunkedUploadOptions = {}): Promise<ChunkedUpload> {
    const { chunkBytes = CHUNK_BYTES } = options;
    const progress: Progress = { id: undefined, hash: createHash('md5'), tries: 0 };
    try {
      if (source.size === 0) throw emptyFile(source.name);
      for (let start = 0; start < source.size; start += chunkBytes) {
        await this.#sendChunk(source, { start, end: Math.min(source.size, start + chunkBytes) }, { progress, options });
      }
    } catch (error) {
      if (isSurelyNotBegun(error, progress)) await options.onNotBegun?.();
      throw error;
    }
    return this.#finish(progress.id ?? '', progress.hash.digest('hex'), options);
  }

  async #hasContent(id: Id, options: CallOptions): Promise<boolean> {
    try {
      const { file, checksum, completed_at: completedAt } = await this.get(id, options);
      return !completedAt || Boolean(file) || Boolean(checksum); // its bytes may have become something else's
    } catch (error) {
      if (BackendError.is(error) && error.status === 404) return false;
      throw error;
    }
  }

  async #sendChunk(source: UploadSource, range: ByteRange, { progress, options }: ChunkContext): Promise<void> {
    let hash = progress.hash;
    const content: RequestBody = {
      contentType: undefined,
      length: range.end - range.start,
      async *read() {
        progress.tries += 1;
        hash = progress.hash.copy(); // each try starts where the last chunk ended
        let bytes = range.start;
        for await (const piece of source.read(range)) {
          hash.update(piece);
          yield piece;
          options.onBytes?.((bytes += piece.length));
        }
      },
    };
    const id = progress.id;
    const send = (): Promise<ChunkReceipt> => this.#put(id, { content, source, range }, options);
    const receipt =
      id === undefined
        ? await send()
        : await sendOrLookUp(send, () => this.#findChunk(id, range, options), {
            ...options,
            retry: this.#transport.retry,
          });
    progress.id = receipt.id;
    if (id === undefined) await options.onBegun?.(receipt.id, { mayHaveTwin: progress.tries > 1 });
    if (receipt.offset !== range.end) throw wrongOffset(source.name, range.end, receipt.offset);
    progress.hash = hash;
  }

  #put(
    id: Id | undefined,
    { content, source, range }: { content: RequestBody; source: UploadSource; range: ByteRange },
    { signal, readTimeoutMs = READ_TIMEOUT_MS }: SendOptions,
  ): Promise<ChunkReceipt> {
    return this.#transport.call({
      method: 'PUT',
      path: id === undefined ? 'chunked_upload/' : `chunked_upload/${pathPart(id)}/`,
      headers: { 'Content-Range': `bytes ${range.start}-${range.end - 1}/${source.size}` },
      body: formBody({ filename: source.name }, { field: 'file', filename: 'file', content }),
      isRepeatable: id === undefined,
      isLookedUp: id !== undefined,
      answer: chunkReceiptSchema,
      readTimeoutMs,
      signal,
    });
  }

  async #findChunk(id: Id, { start, end }: ByteRange, { signal }: CallOptions): Promise<Finding<ChunkReceipt>> {
    const { offset } = await this.get(id, { signal });
    if (offset === end) return { is: 'there', value: { id, offset, url: '' } };
    return { is: offset === start ? 'absent' : 'unclear' };
  }

  #finish(id: Id, md5: string, { signal, readTimeoutMs = READ_TIMEOUT_MS }: SendOptions): Promise<ChunkedUpload> {
    const send = (): Promise<ChunkedUpload> =>
      this.#transport.call({
        method: 'POST',
        path: `chunked_upload/${pathPart(id)}/`,
        body: jsonBody({ md5 }),
        isLookedUp: true,
        answer: chunkedUploadSchema,
        readTimeoutMs,
        signal,
      });
    const look = async (): Promise<Finding<ChunkedUpload>> => {
      const value = await this.get(id, { signal });
      return value.completed_at ? { is: 'there', value } : { is: 'absent' };
    };
    return sendOrLookUp(send, look, { retry: this.#transport.retry, signal, looks: LOOKS_AFTER_END });
  }
}

interface Progress {
  id: Id | undefined;
  /** Of all that the backend has confirmed. */
  hash: Hash;
  /** How often a chunk was read to be sent. */
  tries: number;
}

interface ChunkContext {
  readonly progress: Progress;
  readonly options: ChunkedUploadOptions;
}

const NOT_DONE = new Set(['backend_refused', 'backend_unreachable', 'file_not_readable', 'file_changed']);

/** Of a first chunk that was sent more than once, the answer to an earlier try was lost: that one may be there. */
function isSurelyNotBegun(error: unknown, { id, tries }: Progress): boolean {
  return id === undefined && tries <= 1 && BackendError.is(error) && NOT_DONE.has(error.code);
}

function emptyFile(name: string): BackendError {
  return new BackendError({
    code: 'file_not_readable',
    message: `${name} is empty, and nothing cannot be sent in chunks. Use dataFiles.upload for it.`,
  });
}

function wrongOffset(name: string, expected: number, offset: number): BackendError {
  return new BackendError({
    code: 'backend_answer_invalid',
    method: 'PUT',
    path: 'chunked_upload/',
    message: `The backend says it has ${offset} bytes of ${name} where ${expected} were sent. Send the file anew.`,
    retryable: true,
  });
}
