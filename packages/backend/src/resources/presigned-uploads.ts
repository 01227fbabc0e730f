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
import type { Id } from '../api/id.js';
import { BackendError } from '../errors/backend-error.js';
import type { UploadSource } from '../files/upload-source.js';
import { pathPart } from '../http/address.js';
import { sendOrLookUp, type Finding } from '../http/look-up.js';
import { jsonBody } from '../http/request-body.js';
import type { CallOptions, Transport } from '../http/transport.js';
import { putObject, type PutOptions } from '../storage/put-object.js';
import type { DataFiles } from './data-files.js';
import { dataFileMadeOf, deleteIfPossible } from './deletion.js';

const READ_TIMEOUT_MS = 120_000;

/** `kept`: the backend does not delete such things. */
export type ObjectDeletion =
  | { readonly is: 'gone' }
  | { readonly is: 'kept' }
  | { readonly is: 'confirmed'; readonly dataFile: Id };

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
    const wrong = whatIsWrongWith(answer, files);
    if (wrong === undefined) return answer;
    throw new BackendError({
      code: 'backend_answer_invalid',
      method: 'POST',
      path: 'data_files/presigned_upload/upload/',
      message: wrong,
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

  /**
   * Deletes what was put under a key and not confirmed, where the backend can: API v2 of the embedded one has it, and answers
   * so, too, when nothing is there; others say that they do not know such an address.
   *
   * @returns the data file that was made of it, if it was confirmed: then it is still there
   */
  async delete(fileKey: string, options: CallOptions = {}): Promise<ObjectDeletion> {
    const path = `v2/objects/${pathPart(fileKey)}/`;
    const isStillThere = (): Promise<boolean> => Promise.resolve(true); // so 404 is about the address
    try {
      const end = await deleteIfPossible(this.#transport, path, { ...options, isStillThere });
      return { is: end === 'kept' ? 'kept' : 'gone' };
    } catch (error) {
      const dataFile = BackendError.is(error) ? dataFileMadeOf(error) : undefined;
      if (dataFile === undefined) throw error;
      return { is: 'confirmed', dataFile };
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

/** The addresses are told from each other by their place only, so each place must name its file. */
function whatIsWrongWith({ files }: PresignedFiles, asked: PresignRequest['files']): string | undefined {
  if (files.length !== asked.length)
    return `The backend was asked for the addresses of ${asked.length} files and named ${files.length}.`;
  const index = files.findIndex(({ filename }, at) => filename !== asked[at]?.filename);
  if (index < 0) return undefined;
  return `The backend was asked for the address of ${asked[index]?.filename} and named that of ${files[index]?.filename} in its place.`;
}

/** The backend has a data file with this content; its id was in the answer that was lost. */
function asConfirmed({ file_key, checksum }: StoredObject): ConfirmedFile {
  return { file_key, checksum, data_file_id: null, success: true, error: null };
}

function asFailed({ file_key, checksum }: StoredObject, { message }: BackendError): ConfirmedFile {
  return { file_key, checksum, data_file_id: null, success: false, error: message };
}
