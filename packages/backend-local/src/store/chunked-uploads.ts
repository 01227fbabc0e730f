import { madeOf, notFound, Problem } from '../problem.js';
import type { Store } from './open-store.js';
import { receiveInto, truncateTo } from './partial-file.js';
import { RunningDigest, type Content } from './running-digest.js';

export interface ChunkedUpload {
  readonly id: number;
  readonly filename: string;
  readonly partial: string;
  readonly received: number;
  readonly total: number | null;
  readonly content: string | null;
  readonly completed_at: string | null;
  /** When the last bytes came, or it was finished. */
  readonly touched_at: string;
  readonly data_file: number | null;
  readonly model: number | null;
}

/** One chunk: its bytes, and what its `Content-Range` says, where there is one. */
export interface Chunk {
  readonly start: number | undefined;
  readonly total: number | undefined;
  readonly source: AsyncIterable<Uint8Array>;
  readonly limit: number;
}

/** A new upload's first chunk; the row that makes it one comes when the name is known. */
export interface FirstChunk {
  readonly partial: string;
  readonly received: number;
  readonly total: number | undefined;
}

/** A partial file that grows chunk by chunk; what counts is the recorded size, not the file's. */
export class ChunkedUploads {
  readonly #store: Store;
  /** So that finishing need not read everything again; gone after a restart, and then it does. */
  readonly #digests = new Map<string, RunningDigest>();
  /** What is being done with an upload; it settles when that has ended, and never rejects. */
  readonly #busy = new Map<number, Promise<unknown>>();

  constructor(store: Store) {
    this.#store = store;
  }

  get(id: number): ChunkedUpload {
    const upload = this.#store.database.get<ChunkedUpload>('SELECT * FROM chunked_uploads WHERE id = ?', id);
    if (upload === undefined) throw notFound();
    return upload;
  }

  async begin({ start, total, source, limit }: Chunk): Promise<FirstChunk> {
    if (start !== undefined && start !== 0)
      throw new Problem(400, { detail: 'The first chunk must begin at 0.', offset: 0 });
    const { contents } = this.#store;
    const partial = contents.newPartial();
    const digest = new RunningDigest();
    try {
      const received = await receiveInto(contents.partialFile(partial), source, { position: 0, limit, digest });
      await contents.syncPartials();
      this.#digests.set(partial, digest);
      return { partial, received, total };
    } catch (error) {
      contents.discard(partial);
      throw error;
    }
  }

  async record({ partial, received, total }: FirstChunk, filename: string): Promise<ChunkedUpload> {
    const { database } = this.#store;
    const insert =
      'INSERT INTO chunked_uploads (filename, partial, received, total, touched_at) VALUES (?, ?, ?, ?, ?)';
    try {
      const now = new Date().toISOString();
      return this.get(
        await database.write(() => database.run(insert, filename, partial, received, total ?? null, now)),
      );
    } catch (error) {
      this.#drop(partial);
      throw error;
    }
  }

  async append(id: number, { start, source, limit }: Chunk): Promise<ChunkedUpload> {
    return await this.#alone(id, async () => {
      const { partial, received, completed_at: completedAt } = this.get(id);
      if (completedAt !== null) throw new Problem(409, 'This upload is finished; nothing can be added to it.');
      if (start !== undefined && start !== received) {
        throw new Problem(400, { detail: `This upload goes on at ${received}, not at ${start}.`, offset: received });
      }
      const known = this.#digests.get(partial);
      const digest = known?.size === received ? known.copy() : new RunningDigest();
      const file = this.#store.contents.partialFile(partial);
      const size =
        received + (await receiveInto(file, source, { position: received, limit: limit - received, digest }));
      const { database } = this.#store;
      await database.write(() =>
        database.run(
          'UPDATE chunked_uploads SET received = ?, touched_at = ? WHERE id = ?',
          size,
          new Date().toISOString(),
          id,
        ),
      );
      if (digest.size === size) this.#digests.set(partial, digest);
      return this.get(id);
    });
  }

  /** Ends an upload; doing it again gives the same answer. @throws Problem 400 if the bytes are not those of `md5`. */
  async finish(id: number, md5: string | undefined): Promise<{ upload: ChunkedUpload; content: Content }> {
    return await this.#alone(id, async () => {
      const upload = this.get(id);
      const content = upload.content === null ? await this.#contentOf(upload) : this.#stored(upload.content);
      if (md5 !== undefined && md5.toLowerCase() !== content.md5) {
        throw new Problem(400, { md5: [`The ${content.size} bytes that came have the MD5 ${content.md5}.`] });
      }
      if (upload.completed_at === null) await this.#complete(upload, content);
      return { upload: this.get(id), content };
    });
  }

  /** What a finished upload holds. @throws Problem 400 if it is not finished, or was used for something else. */
  contentOf(upload: ChunkedUpload): Content {
    if (upload.content !== null) return this.#stored(upload.content);
    const why = upload.completed_at === null ? 'is not finished' : 'was used already';
    throw new Problem(400, { chunked_upload: [`Upload ${upload.id} ${why}.`] });
  }

  /**
   * Takes an upload away with its bytes; it waits for a request that is adding to it.
   *
   * @throws Problem 404 if there is none, 409 if a data file or a model was made of it.
   */
  async delete(id: number): Promise<void> {
    for (let other = this.#busy.get(id); other !== undefined; other = this.#busy.get(id)) await other;
    await this.#alone(id, async () => {
      const { contents, database } = this.#store;
      const { partial } = this.get(id);
      await contents.release(() => {
        const upload = this.get(id); // it may have become something meanwhile
        refuseIfUsed(upload);
        database.run('DELETE FROM chunked_uploads WHERE id = ?', id);
        return upload.content === null ? [] : [upload.content];
      });
      this.#drop(partial);
    });
  }

  async #contentOf({ partial, received, total, completed_at: completedAt, id }: ChunkedUpload): Promise<Content> {
    if (completedAt !== null) throw new Problem(400, `Upload ${id} was used already.`);
    if (total !== null && total !== received) {
      throw new Problem(400, { detail: `Of ${total} bytes only ${received} have come.`, offset: received });
    }
    const file = this.#store.contents.partialFile(partial);
    await truncateTo(file, received);
    const known = this.#digests.get(partial);
    return (known?.size === received ? known.copy() : await RunningDigest.ofFile(file)).content();
  }

  async #complete({ id, partial }: ChunkedUpload, content: Content): Promise<void> {
    const { contents, database } = this.#store;
    const update = 'UPDATE chunked_uploads SET content = ?, completed_at = ?, touched_at = ? WHERE id = ?';
    const now = new Date().toISOString();
    await contents.keep({ partial, content }, () => database.run(update, content.sha256, now, now, id));
    this.#digests.delete(partial);
  }

  #stored(sha256: string): Content {
    const content = this.#store.database.get<Content>('SELECT * FROM contents WHERE sha256 = ?', sha256);
    if (content === undefined) throw notFound();
    return content;
  }

  /** Takes back a first chunk of which no upload was made. */
  drop({ partial }: FirstChunk): void {
    this.#drop(partial);
  }

  #drop(partial: string): void {
    this.#digests.delete(partial);
    this.#store.contents.discard(partial);
  }

  async #alone<T>(id: number, work: () => Promise<T>): Promise<T> {
    if (this.#busy.has(id))
      throw new Problem(409, 'Another request is adding to this upload. Wait for it, then ask where to go on.');
    const working = work().finally(() => this.#busy.delete(id));
    this.#busy.set(
      id,
      working.catch(() => undefined), // whoever asked for it is told
    );
    return await working;
  }
}

function refuseIfUsed({ data_file: file, model }: ChunkedUpload): void {
  if (file !== null) throw madeOf('this upload', { data_file: file });
  if (model !== null) throw madeOf('this upload', { model });
}
