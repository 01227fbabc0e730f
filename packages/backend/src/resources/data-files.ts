import {
  dataFileRequestSchema,
  dataFileSchema,
  verifyChecksumsRequestSchema,
  verifyChecksumsSchema,
  type DataFile,
} from '../api/data-file.js';
import type { Id } from '../api/id.js';
import { pageSchema } from '../api/page.js';
import { BackendError } from '../errors/backend-error.js';
import { countedBody, hashedBody } from '../files/hashed-body.js';
import type { UploadSource } from '../files/upload-source.js';
import { pathPart } from '../http/address.js';
import { formBody } from '../http/form-body.js';
import { sendOrLookUp, type Finding } from '../http/look-up.js';
import { jsonBody } from '../http/request-body.js';
import type { CallOptions, Transport } from '../http/transport.js';
import type { SendOptions } from './call-options.js';
import type { ChunkedUploadOptions, ChunkedUploads } from './chunked-uploads.js';
import { deleteIfPossible, type Deletion } from './deletion.js';

/** A data file that the backend has. */
export interface StoredDataFile {
  /** Missing where the answer was lost: looking up by content tells only that it is there. */
  readonly id: Id | undefined;
  readonly checksum: string;
  readonly file?: string | null | undefined;
  /** Bytes. */
  readonly size?: number | null | undefined;
  readonly [more: string]: unknown;
}

export interface DataFileUploadOptions extends ChunkedUploadOptions {
  /** Files above this go in chunks. Default 50 MiB. */
  readonly chunkAbove?: number;
}

const CHUNK_ABOVE = 50 * 2 ** 20;
const READ_TIMEOUT_MS = 300_000;

/** Files that go through the backend; `presignedUploads` are for those that go to the object store. */
export class DataFiles {
  readonly #transport: Transport;
  readonly #chunks: ChunkedUploads;

  constructor(transport: Transport, chunks: ChunkedUploads) {
    this.#transport = transport;
    this.#chunks = chunks;
  }

  /** Sends a file through the backend, in one request or, when it is large, in chunks. Its checksum is the file's MD5. */
  async upload(source: UploadSource, options: DataFileUploadOptions = {}): Promise<StoredDataFile> {
    if (source.size > (options.chunkAbove ?? CHUNK_ABOVE)) {
      const chunked = await this.#chunks.upload(source, options);
      return this.register(chunked, options);
    }
    const content = countedBody(hashedBody(source, 'md5'), options.onBytes);
    const { signal, readTimeoutMs = READ_TIMEOUT_MS } = options;
    const send = (): Promise<StoredDataFile> =>
      this.#transport.call({
        method: 'POST',
        path: 'data_files/',
        body: formBody({}, { field: 'file', filename: source.name, content }),
        isLookedUp: true,
        answer: dataFileSchema,
        readTimeoutMs,
        signal,
      });
    const look = async (): Promise<Finding<StoredDataFile>> => {
      const checksum = content.checksum();
      // Not all of it has gone out, ever: nobody can have stored it.
      if (checksum === undefined) return { is: 'absent' };
      return this.#find({ checksum, size: source.size }, { signal });
    };
    return sendOrLookUp(send, look, { retry: this.#transport.retry, signal });
  }

  /** Makes a data file of what was sent in chunks. @param chunked what `chunkedUploads.upload` resolved to */
  register(
    chunked: {
      readonly id: Id;
      readonly checksum?: string | null | undefined;
      readonly size?: number | null | undefined;
    },
    options: SendOptions = {},
  ): Promise<StoredDataFile> {
    const { signal, readTimeoutMs = READ_TIMEOUT_MS } = options;
    const send = (): Promise<StoredDataFile> =>
      this.#transport.call({
        method: 'POST',
        path: 'data_files/',
        body: jsonBody(dataFileRequestSchema.parse({ chunked_upload: chunked.id })),
        isLookedUp: true,
        answer: dataFileSchema,
        readTimeoutMs,
        signal,
      });
    const { checksum, size } = chunked;
    const look = async (): Promise<Finding<StoredDataFile>> =>
      checksum ? this.#find({ checksum, size }, { signal }) : { is: 'unclear' };
    return sendOrLookUp(send, look, { retry: this.#transport.retry, signal });
  }

  /** Which of these checksums the backend has data files for. */
  async knownChecksums(checksums: readonly string[], options: CallOptions = {}): Promise<Set<string>> {
    if (checksums.length === 0) return new Set();
    const answer = await this.#transport.call({
      method: 'POST',
      path: 'data_files/verify_checksums/',
      body: jsonBody(verifyChecksumsRequestSchema.parse({ checksums })),
      isRepeatable: true, // it only asks
      answer: verifyChecksumsSchema,
      ...options,
    });
    return new Set(answer.existing_checksums);
  }

  /**
   * Deletes a data file, where the backend can: API v2 has it, but many a backend answers that it does not. A 404 may mean
   * either that the file is gone or that nobody deletes files there, so the checksum is asked for as well; as long as any
   * file has it, this one counts as kept, unless the backend lists those files and this one is not among them.
   */
  async delete(file: { readonly id: Id; readonly checksum: string }, options: CallOptions = {}): Promise<Deletion> {
    return await deleteIfPossible(this.#transport, `v2/data-files/${pathPart(file.id)}/`, {
      ...options,
      isStillThere: async () => {
        if (!(await this.knownChecksums([file.checksum], options)).has(file.checksum)) return false;
        const listed = await this.withChecksum(file.checksum, options);
        return listed === undefined || listed.some(({ id }) => id === file.id);
      },
    });
  }

  /**
   * All data files of one content, and maybe others. Undefined where the backend does not say: the embedded one lists files by
   * their checksum, others have no such list.
   */
  async withChecksum(checksum: string, options: CallOptions = {}): Promise<DataFile[] | undefined> {
    try {
      const { results, next } = await this.#transport.call({
        method: 'GET',
        path: 'data_files/',
        query: [
          ['checksum', checksum],
          ['page_size', 1000],
        ],
        answer: pageSchema(dataFileSchema),
        ...options,
      });
      return next === null ? results : undefined; // a list that was not asked for by content may be long
    } catch (error) {
      const cannotTell = BackendError.is(error) && ['backend_refused', 'backend_answer_invalid'].includes(error.code);
      if (cannotTell) return undefined;
      throw error;
    }
  }

  /** The look-up is by content: whoever has a file with that checksum has this one. */
  async #find(
    { checksum, size }: Pick<StoredDataFile, 'checksum' | 'size'>,
    options: CallOptions,
  ): Promise<Finding<StoredDataFile>> {
    const known = await this.knownChecksums([checksum], options);
    return known.has(checksum) ? { is: 'there', value: { id: undefined, checksum, size } } : { is: 'absent' };
  }
}
