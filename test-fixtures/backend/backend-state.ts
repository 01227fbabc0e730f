import { wildcard } from './fault.js';
import type { RecordedRequest } from './read-request.js';

/** `given.backend` of a vector. */
export interface GivenState {
  readonly storages?: Records;
  readonly data_collections?: Records;
  readonly projects?: Records;
  readonly models?: Records;
  readonly jobs?: Records;
  readonly plugin_releases?: Records;
  readonly ground_truth_events?: readonly Fields[];
  readonly served_files?: Readonly<Record<string, { readonly text?: string; readonly base64?: string; readonly size?: number; readonly fill?: string }>>;
  readonly storage_sessions?: boolean;
  readonly presigned?: boolean;
  readonly multipart_over?: number;
  readonly confirm_refuses?: readonly string[];
  readonly data_units_answered?: number;
  readonly known_checksums?: readonly string[];
  /** Beyond the vectors: `false` as they are, or `missing` when there is no such address at all. Default false. */
  readonly deletes_data_files?: boolean | 'missing';
  /** The same of uploads in chunks. Default `missing`. */
  readonly deletes_chunked_uploads?: boolean | 'missing';
  /** As the backend of the recorder does: an upload in chunks that is asked for counts as ended. Default false. */
  readonly ends_chunked_uploads_when_asked?: boolean;
}

export type Fields = Record<string, unknown>;
type Records = Readonly<Record<string, Fields>>;

export interface Reply {
  readonly status: number;
  /** JSON, or bytes as they are. */
  readonly value: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Chunks {
  readonly id: number;
  size: number;
  filename: string | null;
  parts: { md5: string; size: number }[];
  completed: boolean;
  md5: string | undefined;
  /** A data file was made of it. */
  isUsed: boolean;
}

const NOT_FOUND: Reply = { status: 404, value: { detail: 'Not found.' } };
const NOT_ALLOWED: Reply = { status: 405, value: { detail: 'Method "DELETE" not allowed.' } };
const USED: Reply = { status: 409, value: { detail: 'A data file was made of this upload. Delete that.' } };

/** What the backend holds. */
export class BackendState {
  readonly created = { data_files: [] as Fields[], data_units: [] as Fields[], models: [] as Fields[], objects: [] as Fields[] };
  readonly updates: Fields[] = [];
  readonly logs: Fields[] = [];
  readonly #given: GivenState;
  readonly #url: string;
  readonly #chunks = new Map<string, Chunks>();
  readonly #next = { data_file: 101, chunk: 301, data_unit: 501, model: 701, object: 1 };

  constructor(given: GivenState, url: string) {
    this.#given = JSON.parse(JSON.stringify(given).replaceAll('{backend}', url)) as GivenState;
    this.#url = url;
  }

  /** Ids of uploads in chunks of which no data file was made. */
  get unusedChunks(): number[] {
    return [...this.#chunks.values()].filter(({ isUsed }) => !isUsed).map(({ id }) => id);
  }

  stored(kind: 'storages' | 'data_collections' | 'projects' | 'models' | 'jobs' | 'plugin_releases', id: string): Reply {
    const made = kind === 'models' ? this.created.models.find((model) => String(model['id']) === id) : undefined;
    const value = made ?? this.#given[kind]?.[id];
    return value === undefined ? NOT_FOUND : { status: 200, value };
  }

  servedFile(name: string): Reply {
    const file = this.#given.served_files?.[name];
    if (!file) return NOT_FOUND;
    if (file.base64 !== undefined) return { status: 200, value: Buffer.from(file.base64, 'base64') };
    return { status: 200, value: Buffer.from(file.text ?? (file.fill ?? ' ').repeat(file.size ?? 0)) };
  }

  openSession(id: string): Reply {
    const storage = this.stored('storages', id);
    if (this.#given.storage_sessions === false || storage.status !== 200) return NOT_FOUND;
    const { provider, configuration } = storage.value as Fields;
    return { status: 200, value: { provider, configuration, expires_at: null, contract_version: 1 } };
  }

  page(path: string, query: RecordedRequest['query'], items: readonly Fields[]): Reply {
    const asked = new Map(query);
    const size = Number(asked.get('page_size') ?? 100);
    const page = Number(asked.get('page') ?? 1);
    const rest = (query ?? []).filter(([key]) => key !== 'page').map(([key, value]) => `${key}=${encodeURIComponent(value)}&`);
    const next = page * size < items.length ? `${this.#url}${path}?${rest.join('')}page=${page + 1}` : null;
    return { status: 200, value: { count: items.length, next, results: items.slice((page - 1) * size, page * size) } };
  }

  groundTruth(query: RecordedRequest['query']): Reply {
    const category = new Map(query).get('category');
    const events = (this.#given.ground_truth_events ?? []).filter((event) => category === undefined || event['category'] === category);
    return this.page('/sdk/ground_truth_events/', query, events);
  }

  listUnits(query: RecordedRequest['query']): Reply {
    const collection = new Map(query).get('data_collection');
    const units = this.created.data_units.filter((unit) => collection === undefined || String(unit['data_collection']) === collection);
    return this.page('/data_units/', query, units.toReversed());
  }

  listModels(query: RecordedRequest['query']): Reply {
    const name = new Map(query).get('name');
    return this.page('/models/', query, this.created.models.filter((model) => name === undefined || model['name'] === name));
  }

  receiveFile({ form, json }: RecordedRequest): Reply {
    const part = form?.files[0];
    if (part) return { status: 201, value: this.#addFile(part.filename, part.md5, part.size) };
    const chunks = this.#chunks.get(String((json as Fields)['chunked_upload']));
    if (!chunks) return { status: 400, value: { chunked_upload: ['does not exist'] } };
    chunks.isUsed = true;
    return { status: 201, value: this.#addFile(chunks.filename, chunks.md5 ?? '', chunks.size) };
  }

  receiveChunk({ form, content_range }: RecordedRequest, id: string | undefined): Reply {
    const chunks = id === undefined ? this.#newChunks() : this.#chunks.get(id);
    const part = form?.files[0];
    if (!chunks || !part) return NOT_FOUND;
    const first = Number(/bytes (\d+)-/.exec(content_range ?? '')?.[1] ?? Number.NaN);
    if (first !== chunks.size) return { status: 400, value: { detail: 'Offsets do not match', offset: chunks.size } };
    chunks.filename = form.fields['filename'] ?? null;
    chunks.size += part.size;
    chunks.parts.push(part);
    const url = `${this.#url}/chunked_upload/${chunks.id}/`;
    return { status: 200, value: { id: chunks.id, url, offset: chunks.size, filename: chunks.filename } };
  }

  finishChunks(id: string, { json }: RecordedRequest): Reply {
    const chunks = this.#chunks.get(id);
    if (!chunks) return NOT_FOUND;
    chunks.md5 = String((json as Fields)['md5']);
    // The content is not kept, so what can be checked is a file of one chunk.
    const [only, second] = chunks.parts;
    if (only && !second && only.md5 !== chunks.md5) return { status: 400, value: { detail: 'md5 checksum does not match' } };
    chunks.completed = true;
    return { status: 200, value: { id: chunks.id, file: chunks.filename, checksum: chunks.md5, size: chunks.size } };
  }

  chunkState(id: string): Reply {
    const chunks = this.#chunks.get(id);
    if (!chunks) return NOT_FOUND;
    if (this.#given.ends_chunked_uploads_when_asked) {
      chunks.md5 ??= chunks.parts.length === 1 ? chunks.parts[0]?.md5 : undefined;
      chunks.completed = true;
    }
    const { size, filename, md5 = null, completed } = chunks;
    const completed_at = completed ? '2030-01-01T00:00:00Z' : null;
    return { status: 200, value: { id: chunks.id, file: filename, checksum: md5, size, offset: size, completed_at } };
  }

  knownChecksums({ json }: RecordedRequest): Reply {
    const here = new Set([...(this.#given.known_checksums ?? []), ...this.created.data_files.map((file) => file['checksum'])]);
    const asked = (json as { checksums: string[] }).checksums;
    return { status: 200, value: { existing_checksums: asked.filter((checksum) => here.has(checksum)) } };
  }

  presign({ json }: RecordedRequest): Reply {
    if (this.#given.presigned === false) return { status: 400, value: { code: 'presigned_not_supported' } };
    const files = (json as { files: { filename: string; size: number }[] }).files.map(({ filename, size }) => {
      const key = `${String(this.#next.object++).padStart(4, '0')}-${filename}`;
      return { filename, file_key: key, ...this.#placeFor(key, size) };
    });
    return { status: 200, value: { files, expires_at: '2030-01-01T00:00:00Z' } };
  }

  confirm({ json }: RecordedRequest): Reply {
    const refused = (this.#given.confirm_refuses ?? []).map(wildcard);
    const files = (json as { files: { file_key: string; checksum: string; size: number }[] }).files;
    const results = files
      .toSorted((a, b) => (a.file_key < b.file_key ? -1 : 1))
      .map(({ file_key, checksum, size }) => {
        if (refused.some((pattern) => pattern.test(file_key))) return { file_key, checksum, success: false, error: 'refused' };
        const { id } = this.#addFile(file_key, checksum, size);
        return { file_key, checksum, data_file_id: id, success: true, error: null };
      });
    const made = results.filter(({ success }) => success).length;
    return { status: 200, value: { results, created_count: made, failed_count: results.length - made } };
  }

  storeObject(key: string, { bytes }: RecordedRequest): Reply {
    this.created.objects.push({ key, size: bytes?.size ?? 0 });
    return { status: 200, value: Buffer.alloc(0), headers: { ETag: `"${key}"` } };
  }

  addUnits({ json }: RecordedRequest): Reply {
    const made = (Array.isArray(json) ? json : [json]).map((item: Fields) => ({ id: this.#next.data_unit++, ...item }));
    this.created.data_units.push(...made);
    return { status: 201, value: made.slice(0, this.#given.data_units_answered) };
  }

  addModel({ json }: RecordedRequest): Reply {
    const model = { id: this.#next.model++, ...(json as Fields) };
    this.created.models.push(model);
    return { status: 201, value: model };
  }

  removeFile(id: string): Reply {
    const { deletes_data_files: way = false } = this.#given;
    if (way === true) return this.remove('data_files', id);
    return way === 'missing' ? NOT_FOUND : NOT_ALLOWED;
  }

  removeChunks(id: string): Reply {
    const { deletes_chunked_uploads: way = 'missing' } = this.#given;
    if (way === true && this.#chunks.get(id)?.isUsed) return USED;
    if (way === true && this.#chunks.delete(id)) return { status: 204, value: Buffer.alloc(0) };
    return way === false ? NOT_ALLOWED : NOT_FOUND;
  }

  remove(kind: 'data_files' | 'data_units' | 'models', id: string): Reply {
    const index = this.created[kind].findIndex((item) => String(item['id']) === id);
    if (index < 0) return NOT_FOUND;
    this.created[kind].splice(index, 1);
    return { status: 204, value: Buffer.alloc(0) };
  }

  updateJob(id: string, { json }: RecordedRequest): Reply {
    this.updates.push({ job: id, ...(json as Fields) });
    return { status: 200, value: json };
  }

  addLogs({ json }: RecordedRequest): Reply {
    this.logs.push(...(Array.isArray(json) ? (json as Fields[]) : [json as Fields]));
    return { status: 201, value: [] };
  }

  #placeFor(key: string, size: number): Fields {
    const limit = this.#given.multipart_over;
    if (!limit || size <= limit) return { presigned_url: `${this.#url}/_storage/${key}?signature=s` };
    const parts = Array.from({ length: Math.ceil(size / limit) }, (_, index) => ({
      part_number: index + 1,
      presigned_url: `${this.#url}/_storage/${key}?part=${index + 1}`,
    }));
    return { multipart: { upload_id: `mp-${key}`, part_size: limit, parts } };
  }

  #addFile(file: string | null, checksum: string, size: number): { id: number } {
    const entry = { id: this.#next.data_file++, file, checksum, size };
    this.created.data_files.push(entry);
    return entry;
  }

  #newChunks(): Chunks {
    const id = this.#next.chunk++;
    const chunks: Chunks = { id, size: 0, filename: null, parts: [], completed: false, md5: undefined, isUsed: false };
    this.#chunks.set(String(chunks.id), chunks);
    return chunks;
  }
}
