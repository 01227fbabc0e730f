import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalBackend, type LocalBackendOptions, startLocalBackend } from '../src/index.js';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** JSON, or text where it is none. */
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into answers of every shape
  readonly body: any;
}

/** A folder that goes with the test, and a way to ask the backend that runs over it. */
export class BackendUnderTest implements AsyncDisposable {
  readonly folder: string;
  backend: LocalBackend;
  readonly #options: Partial<LocalBackendOptions>;

  private constructor(folder: string, backend: LocalBackend, options: Partial<LocalBackendOptions>) {
    this.folder = folder;
    this.backend = backend;
    this.#options = options;
  }

  static async open(options: Partial<LocalBackendOptions> = {}): Promise<BackendUnderTest> {
    const folder = await mkdtemp(join(tmpdir(), 'backend-local-'));
    return new BackendUnderTest(folder, await startLocalBackend({ dir: join(folder, 'data'), ...options }), options);
  }

  get dir(): string {
    return join(this.folder, 'data');
  }

  async restart(): Promise<void> {
    await this.backend.close();
    this.backend = await startLocalBackend({ dir: this.dir, ...this.#options });
  }

  async ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const isRaw = body === undefined || body instanceof FormData || typeof body === 'string' || body instanceof Buffer;
    const response = await fetch(path.startsWith('http') ? path : `${this.backend.url}/${path}`, {
      method,
      headers: { ...(!isRaw && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: isRaw ? (body as string) : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: parsed(text) };
  }

  /** Reserves, puts and confirms; gives the data file's id. */
  async upload(bytes: Buffer, filename = 'a.jpg'): Promise<number> {
    const { key, urls } = await this.presign(bytes.length, filename);
    const put = await this.ask('PUT', urls[0] ?? '', bytes);
    if (put.status !== 200) throw new Error(`PUT answered ${put.status}: ${String(put.body)}`);
    const { body } = await this.confirm(key, bytes);
    return body.results[0].data_file_id as number;
  }

  async presign(size: number, filename = 'a.jpg'): Promise<{ key: string; uploadId: string; urls: string[] }> {
    const { body } = await this.ask('POST', 'data_files/presigned_upload/upload/', { files: [{ filename, size }] });
    const { file_key: key, presigned_url: url, multipart } = body.files[0];
    return {
      key,
      uploadId: multipart?.upload_id,
      urls: multipart?.parts.map((part: { presigned_url: string }) => part.presigned_url) ?? [url],
    };
  }

  async confirm(key: string, bytes: Buffer, more: object = {}): Promise<Answer> {
    const file = { file_key: key, size: bytes.length, checksum: digest('sha1', bytes), ...more };
    return await this.ask('POST', 'data_files/presigned_upload/confirm_upload/', { files: [file] });
  }

  async seed(text: string): Promise<void> {
    const file = join(this.folder, 'seed.yaml');
    await writeFile(file, text);
    await this.backend.seed(file);
  }

  /** Names of the files that hold contents, and of those that are on their way. */
  async stored(): Promise<{ files: string[]; incoming: string[] }> {
    return { files: await readdir(join(this.dir, 'files')), incoming: await readdir(join(this.dir, 'incoming')) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.backend.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

export function digest(algorithm: string, bytes: Buffer | string): string {
  return createHash(algorithm).update(bytes).digest('hex');
}

/** A collection with one required and one optional file, as most tests need it. */
export const COLLECTION = `
data_collections:
  - name: Pictures
    file_specifications:
      - { name: image, file_type: image, is_required: true, is_primary: true, extensions: [jpg] }
      - { name: note, file_type: text }
`;

function parsed(text: string): unknown {
  if (text === '' || text.startsWith('<')) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text; // the bytes of a file
  }
}
