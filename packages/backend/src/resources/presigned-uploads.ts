import type { z } from 'zod';

import {
  confirmRequestSchema,
  confirmSchema,
  presignRequestSchema,
  presignSchema,
  type ConfirmedFile,
  type PresignedFile,
  type PresignedFiles,
  type PresignRequest,
  type StoredObject,
} from '../api/presigned-upload.js';
import { BackendError } from '../errors/backend-error.js';
import type { UploadSource } from '../files/upload-source.js';
import { sendOrLookUp, type Finding } from '../http/look-up.js';
import { jsonBody } from '../http/request-body.js';
import type { CallOptions, Transport } from '../http/transport.js';
import { putObject, type PutOptions } from '../storage/put-object.js';
import type { DataFiles } from './data-files.js';

const READ_TIMEOUT_MS = 120_000;

/** Files that go straight to the object store: ask for addresses, put each file there, confirm. */
export class PresignedUploads {
  readonly #transport: Transport;
  readonly #dataFiles: DataFiles;

  constructor(transport: Transport, dataFiles: DataFiles) {
    this.#transport = transport;
    this.#dataFiles = dataFiles;
  }

  /** Asks where files may be put; the answer has the order of the question. A backend without an object store refuses with 400. */
  async presign(
    files: PresignRequest['files'],
    options: CallOptions & { expiration?: number } = {},
  ): Promise<PresignedFiles> {
    const { signal, expiration } = options;
    const answer = await this.#transport.call({
      method: 'POST',
      path: 'data_files/presigned_upload/upload/',
      body: jsonBody(presignRequestSchema.parse({ files, expiration })),
      isRepeatable: true, // addresses that nobody uses expire
      answer: presignSchema,
      readTimeoutMs: READ_TIMEOUT_MS,
      signal,
    });
    if (answer.files.length === files.length) return answer;
    throw new BackendError({
      code: 'backend_answer_invalid',
      method: 'POST',
      path: 'data_files/presigned_upload/upload/',
      message: `The backend was asked for the addresses of ${files.length} files and named ${answer.files.length}.`,
    });
  }

  /** Puts one file where the backend said, without any token, and takes its SHA-1 on the way. */
  put(target: PresignedFile, source: UploadSource, options: PutOptions = {}): Promise<StoredObject> {
    return putObject(target, source, { ...options, transport: this.#transport });
  }

  /**
   * Tells the backend what was put, which makes data files of it; each has a result of its own. When the answer is lost, or
   * says that it failed, the checksums are looked up, and only those that are not known are sent again, or have failed.
   */
  async confirm(objects: readonly StoredObject[], options: CallOptions = {}): Promise<ConfirmedFile[]> {
    const found: ConfirmedFile[] = [];
    let missing = [...objects];
    if (missing.length === 0) return found;
    const look = async (): Promise<Finding<ConfirmedFile[]>> => {
      const known = await this.#dataFiles.knownChecksums(
        [...new Set(missing.map(({ checksum }) => checksum))],
        options,
      );
      found.push(...missing.filter(({ checksum }) => known.has(checksum)).map(asConfirmed));
      missing = missing.filter(({ checksum }) => !known.has(checksum));
      return missing.length === 0 ? { is: 'there', value: [] } : { is: 'absent' };
    };
    const send = async (): Promise<ConfirmedFile[]> => (await this.#postConfirm(missing, options)).results;
    try {
      const rest = await sendOrLookUp(send, look, { ...options, retry: this.#transport.retry });
      return [...found, ...rest];
    } catch (error) {
      // Whoever is told of some that they are there must not hear of them as failed.
      if (found.length === 0 || !BackendError.is(error) || error.outcomeUnknown) throw error;
      return [...found, ...missing.map((object) => asFailed(object, error))];
    }
  }

  #postConfirm(files: readonly StoredObject[], { signal }: CallOptions): Promise<z.infer<typeof confirmSchema>> {
    return this.#transport.call({
      method: 'POST',
      path: 'data_files/presigned_upload/confirm_upload/',
      body: jsonBody(confirmRequestSchema.parse({ files })),
      isLookedUp: true,
      answer: confirmSchema,
      readTimeoutMs: READ_TIMEOUT_MS,
      signal,
    });
  }
}

/** The backend has a data file with this content; its id was in the answer that was lost. */
function asConfirmed({ file_key, checksum }: StoredObject): ConfirmedFile {
  return { file_key, checksum, data_file_id: null, success: true, error: null };
}

function asFailed({ file_key, checksum }: StoredObject, { message }: BackendError): ConfirmedFile {
  return { file_key, checksum, data_file_id: null, success: false, error: message };
}
