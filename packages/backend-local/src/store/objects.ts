import { createHash, randomUUID } from 'node:crypto';
import { madeOf, notFound } from '../problem.js';
import type { Store } from './open-store.js';
import { receiveInto, truncateTo } from './partial-file.js';
import { RunningDigest, type Content } from './running-digest.js';

/** A place that was reserved for a file, at an address that needs no account. */
export interface StoredObject {
  readonly key: string;
  readonly filename: string;
  readonly expires_at: string;
  readonly upload_id: string | null;
  readonly part_size: number | null;
  readonly total: number;
  readonly partial: string | null;
  readonly content: string | null;
  readonly data_file: number | null;
}

export interface NewObject {
  readonly filename: string;
  readonly size: number;
  readonly expiresAt: string;
  /** In parts of this size, or whole. */
  readonly partSize: number | undefined;
}

/** A part that came, as far as the list of parts in a confirmation can be compared with it. */
export interface StoredPart {
  readonly number: number;
  readonly size: number;
  readonly etag: string;
}

/** An object cannot take this: what S3 would say of it. */
export class ObjectRefusal extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'ObjectRefusal';
    this.code = code;
  }
}

/**
 * What presigned addresses point to. A whole object is a content of its own; one in parts is a partial file into which
 * each part is written at its place, and becomes a content when it is joined.
 */
export class Objects {
  readonly #store: Store;
  /** As long as parts come in turn, joining need not read them again. */
  readonly #digests = new Map<string, { readonly nextPart: number; readonly digest: RunningDigest }>();

  /** Parts that are being written, by object; and objects whose parts are being joined. */
  readonly #writing = new Map<string, Set<number>>();
  readonly #joining = new Map<string, Promise<Content>>();

  constructor(store: Store) {
    this.#store = store;
  }

  get(key: string): StoredObject {
    const object = this.#store.database.get<StoredObject>('SELECT * FROM objects WHERE key = ?', key);
    if (object === undefined) throw notFound();
    return object;
  }

  async reserve(wanted: readonly NewObject[]): Promise<StoredObject[]> {
    const { database, contents } = this.#store;
    const insert =
      'INSERT INTO objects (key, filename, expires_at, upload_id, part_size, total, partial) VALUES (?, ?, ?, ?, ?, ?, ?)';
    const keys = await database.write(() =>
      wanted.map(({ filename, size, expiresAt, partSize }) => {
        const key = `${randomUUID()}-${filename}`;
        const parts = partSize === undefined ? [null, null] : [randomUUID(), partSize];
        const partial = partSize === undefined ? null : contents.newPartial();
        database.run(insert, key, filename, expiresAt, parts[0] ?? null, parts[1] ?? null, size, partial);
        return key;
      }),
    );
    return keys.map((key) => this.get(key));
  }

  /** Takes the whole object, again if need be. Resolves to its ETag. */
  async put(key: string, source: AsyncIterable<Uint8Array>, limit: number): Promise<string> {
    const isInParts = this.#openFor(key).partial !== null;
    if (isInParts) throw new ObjectRefusal('InvalidRequest', 'This object is sent in parts.');
    const { contents, database } = this.#store;
    let replaced: string | null = null;
    const { md5, sha256 } = await contents.store(source, limit, (content) => {
      replaced = this.#openFor(key).content; // as it is now: another PUT, or a confirmation, may have been faster
      database.run('UPDATE objects SET content = ? WHERE key = ?', content.sha256, key);
      return content;
    });
    await this.#releaseReplaced(replaced, sha256);
    return md5;
  }

  async #releaseReplaced(replaced: string | null, by: string): Promise<void> {
    if (replaced !== null && replaced !== by) await this.#store.contents.release(() => [replaced]);
  }

  /** Takes one part, again if need be. Resolves to its ETag. */
  async putPart(key: string, number: number, source: AsyncIterable<Uint8Array>): Promise<string> {
    const place = placeOf(this.#openFor(key), number);
    const busy = this.#writing.get(key) ?? new Set();
    // Two writers of one place, or one after the file got its name, would leave other bytes than were hashed.
    if (busy.has(number) || this.#joining.has(key))
      throw new ObjectRefusal('SlowDown', 'This part is being sent already.');
    this.#writing.set(key, busy.add(number));
    try {
      return await this.#receivePart(key, number, { ...place, source });
    } finally {
      busy.delete(number);
      if (busy.size === 0) this.#writing.delete(key);
    }
  }

  async #receivePart(
    key: string,
    number: number,
    { partial, size: expected, position, source }: Part,
  ): Promise<string> {
    const before = this.#digests.get(key);
    const whole = before ?? { nextPart: 1, digest: new RunningDigest() };
    const inTurn = whole.nextPart === number ? whole.digest.copy() : undefined;
    if (number < whole.nextPart) this.#digests.delete(key); // what was hashed is being replaced
    const md5 = createHash('md5');
    const digest = {
      update: (bytes: Uint8Array): void => {
        md5.update(bytes);
        inTurn?.update(bytes);
      },
    };
    const { contents, database } = this.#store;
    const size = await receiveInto(contents.partialFile(partial), source, { position, limit: expected, digest });
    if (size < expected)
      throw new ObjectRefusal('EntityTooSmall', `Part ${number} needs ${expected} bytes; ${size} came.`);
    await contents.syncPartials();
    const etag = md5.digest('hex');
    try {
      await database.write(() => {
        this.get(key); // it may have been deleted meanwhile
        database.run('INSERT OR REPLACE INTO parts VALUES (?, ?, ?, ?)', key, number, size, etag);
      });
    } catch (error) {
      if (database.get('SELECT 1 FROM objects WHERE key = ?', key) === undefined) contents.discard(partial);
      throw error;
    }
    // Only if nothing that was hashed before has been replaced meanwhile.
    if (inTurn && this.#digests.get(key) === before) this.#digests.set(key, { nextPart: number + 1, digest: inTurn });
    return etag;
  }

  /**
   * Takes an object away that was not confirmed, with what came of it. One that is not there is gone already.
   *
   * @throws Problem 409 that names the data file that was made of it.
   */
  async delete(key: string): Promise<void> {
    const { contents, database } = this.#store;
    let partial: string | null = null;
    await contents.release(() => {
      const object = database.get<StoredObject>('SELECT * FROM objects WHERE key = ?', key);
      if (object === undefined) return [];
      if (object.data_file !== null) throw madeOf('this object', { data_file: object.data_file });
      partial = object.partial;
      database.run('DELETE FROM parts WHERE object = ?', key);
      database.run('DELETE FROM objects WHERE key = ?', key);
      return object.content === null ? [] : [object.content];
    });
    this.#digests.delete(key);
    if (partial !== null) contents.discard(partial);
  }

  parts(key: string): StoredPart[] {
    return this.#store.database.all<StoredPart>('SELECT * FROM parts WHERE object = ? ORDER BY number', key);
  }

  /** The bytes of an object, whose parts are joined for it. Undefined if nothing, or not everything, has come. */
  async contentOf(object: StoredObject): Promise<Content | undefined> {
    const { key, content, partial, total, part_size: partSize } = object;
    if (content !== null) return this.#store.database.get<Content>('SELECT * FROM contents WHERE sha256 = ?', content);
    const joining = this.#joining.get(key);
    if (joining !== undefined) return await joining; // the same confirmation, sent again because the first takes long
    if (partial === null || this.#writing.has(key)) return undefined;
    if (this.parts(key).length < Math.ceil(total / (partSize ?? total))) return undefined;
    const join = this.#join(key, partial, total).finally(() => this.#joining.delete(key));
    this.#joining.set(key, join);
    return await join;
  }

  async #join(key: string, partial: string, total: number): Promise<Content> {
    const { database, contents } = this.#store;
    const file = contents.partialFile(partial);
    await truncateTo(file, total);
    const known = this.#digests.get(key)?.digest;
    const joined = (known?.size === total ? known.copy() : await RunningDigest.ofFile(file)).content();
    const update = 'UPDATE objects SET content = ?, partial = NULL WHERE key = ?';
    await contents.keep({ partial, content: joined }, () => database.run(update, joined.sha256, key));
    this.#digests.delete(key);
    return joined;
  }

  #openFor(key: string): StoredObject {
    const object = this.get(key);
    if (object.data_file === null) return object;
    throw new ObjectRefusal('InvalidRequest', 'This upload was confirmed; it cannot be changed any more.');
  }
}

interface Place {
  readonly partial: string;
  readonly size: number;
  readonly position: number;
}

interface Part extends Place {
  readonly source: AsyncIterable<Uint8Array>;
}

function placeOf({ total, part_size: partSize, partial }: StoredObject, number: number): Place {
  if (partSize === null || partial === null)
    throw new ObjectRefusal('InvalidRequest', 'This object takes no parts now.');
  const position = (number - 1) * partSize;
  if (number < 1 || position >= total) throw new ObjectRefusal('InvalidPart', `There is no part ${number}.`);
  return { partial, position, size: Math.min(partSize, total - position) };
}
