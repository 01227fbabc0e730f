import { digest, type Told } from './backend-under-test.js';

export interface Stored {
  readonly id: number;
  readonly bytes: Buffer;
}

/** A bare client: whatever is not answered as it should be is an error. */
export class Client {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  async ask(method: string, path: string, body?: unknown): Promise<Told> {
    const isForm = body instanceof FormData;
    const response = await fetch(`${this.#url}/${path}`, {
      method,
      ...(body !== undefined && { body: isForm ? body : JSON.stringify(body) }),
      ...(body !== undefined && !isForm && { headers: { 'content-type': 'application/json' } }),
    });
    const text = await response.text();
    if (!response.ok) throw new AnswerError(response.status, text);
    return (text === '' ? {} : JSON.parse(text)) as Told;
  }

  /** In parts, if it is large. */
  async presigned(bytes: Buffer): Promise<Stored> {
    const wanted = { files: [{ filename: 'p.bin', size: bytes.length }] };
    const [file] = (await this.ask('POST', 'data_files/presigned_upload/upload/', wanted)).files;
    if (file === undefined) throw new Error('There is no address.');
    const { presigned_url: url, multipart, file_key: key } = file;
    const urls = multipart?.parts.map((part) => part.presigned_url) ?? [url ?? ''];
    const size = multipart === undefined ? bytes.length : PART;
    const etags = await Promise.all(
      urls.map(async (address, index) => await put(address, bytes.subarray(index * size, (index + 1) * size))),
    );
    const parts = etags.map((etag, index) => ({ part_number: index + 1, etag }));
    const sent = { file_key: key, size: bytes.length, checksum: digest('sha1', bytes) };
    const files = [{ ...sent, ...(multipart && { multipart: { upload_id: multipart.upload_id, parts } }) }];
    const [result] = (await this.ask('POST', 'data_files/presigned_upload/confirm_upload/', { files })).results;
    const id = result?.data_file_id ?? undefined;
    if (id === undefined) throw new Error(`Not confirmed: ${JSON.stringify(result)}`);
    return { id, bytes };
  }

  async form(bytes: Buffer): Promise<Stored> {
    return { id: (await this.ask('POST', 'data_files/', formOf(bytes))).id, bytes };
  }

  async chunked(bytes: Buffer): Promise<Stored> {
    const half = Math.floor(bytes.length / 2);
    const { id } = await this.ask('PUT', 'chunked_upload/', formOf(bytes.subarray(0, half)));
    await this.ask('PUT', `chunked_upload/${id}/`, formOf(bytes.subarray(half)));
    await this.ask('POST', `chunked_upload/${id}/`, { md5: digest('md5', bytes) });
    return { id: (await this.ask('POST', 'data_files/', { chunked_upload: id })).id, bytes };
  }

  async delete(id: number): Promise<void> {
    await this.ask('DELETE', `v2/data-files/${id}/`);
  }
}

/** An answer that is none of success. */
export class AnswerError extends Error {
  readonly status: number;

  constructor(status: number, text: string) {
    super(`${status}: ${text.slice(0, 200)}`);
    this.status = status;
  }
}

const PART = 64 * 1024;

function formOf(bytes: Buffer): FormData {
  const data = new FormData();
  data.set('filename', 'f.bin');
  data.set('file', new Blob([bytes]), 'f.bin');
  return data;
}

async function put(url: string, bytes: Buffer): Promise<string> {
  const response = await fetch(url, { method: 'PUT', body: bytes });
  const text = await response.text();
  if (!response.ok) throw new AnswerError(response.status, text);
  return response.headers.get('etag') ?? '';
}
