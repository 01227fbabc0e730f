import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalBackend, type LocalBackendOptions, startLocalBackend } from '../src/index.js';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** JSON, or text where it is none. */
  readonly body: Told & readonly Told[];
}

/** What tests look at in answers, of whatever kind: nothing is promised, an `expect` holds it. */
export interface Told {
  readonly id: number;
  readonly count: number;
  readonly next: string | null;
  readonly results: readonly Told[];
  readonly files: readonly Told[] & Readonly<Record<string, Told | undefined>>;
  readonly file: string;
  readonly url: string;
  readonly name: string;
  readonly is_default: boolean;
  readonly checksum: string;
  readonly detail: string;
  readonly error: string | null;
  readonly success: boolean;
  readonly data: unknown;
  readonly configuration: unknown;
  readonly data_file_id: number | null;
  readonly file_key: string;
  readonly presigned_url?: string;
  readonly multipart?: { readonly upload_id: string; readonly parts: readonly { readonly presigned_url: string }[] };
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

  async ask(method: string, path: string, body?: unknown): Promise<Answer> {
    return await this.with({}).ask(method, path, body);
  }

  /** The same with other headers. */
  with(headers: Readonly<Record<string, string>>): Pick<BackendUnderTest, 'ask'> {
    return { ask: async (method, path, body) => await this.#send(method, path, { body, headers }) };
  }

  async #send(method: string, path: string, { body, headers }: Sent): Promise<Answer> {
    const isRaw = body === undefined || body instanceof FormData || typeof body === 'string' || body instanceof Buffer;
    const response = await fetch(path.startsWith('http') ? path : `${this.backend.url}/${path}`, {
      method,
      headers: { ...(!isRaw && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: isRaw ? body : JSON.stringify(body) }),
    });
    return {
      status: response.status,
      headers: response.headers,
      body: parsed(await response.text()) as Answer['body'],
    };
  }

  /** Reserves, puts and confirms; gives the data file's id. */
  async upload(bytes: Buffer, filename = 'a.jpg'): Promise<number> {
    const { key, urls } = await this.presign(bytes.length, filename);
    const put = await this.ask('PUT', urls[0] ?? '', bytes);
    if (put.status !== 200) throw new Error(`PUT answered ${put.status}: ${JSON.stringify(put.body)}`);
    return (await this.confirm(key, bytes)).data_file_id ?? 0;
  }

  async presign(size: number, filename = 'a.jpg'): Promise<{ key: string; uploadId: string; urls: string[] }> {
    const answer = await this.ask('POST', 'data_files/presigned_upload/upload/', { files: [{ filename, size }] });
    const file = answer.body.files[0];
    if (file === undefined) throw new Error(`presign answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    const { file_key: key, presigned_url: url = '', multipart } = file;
    const urls = multipart?.parts.map((part) => part.presigned_url) ?? [url];
    return { key, uploadId: multipart?.upload_id ?? '', urls };
  }

  /** What a confirmation of one file says of it. */
  async confirm(key: string, bytes: Buffer, more: object = {}): Promise<Told> {
    const file = { file_key: key, size: bytes.length, checksum: digest('sha1', bytes), ...more };
    const { body } = await this.ask('POST', 'data_files/presigned_upload/confirm_upload/', { files: [file] });
    const result = body.results[0];
    if (result === undefined) throw new Error(`confirm answered ${JSON.stringify(body)}`);
    return result;
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

interface Sent {
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
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
