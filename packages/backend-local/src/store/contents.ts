import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statfsSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from './database.js';
import { receiveInto } from './partial-file.js';
import { Rendezvous } from './rendezvous.js';
import { type Content, RunningDigest } from './running-digest.js';
import { SharedSync } from './shared-sync.js';
import { DiskFullError } from './store-error.js';

export interface ContentsOptions {
  readonly dir: string;
  readonly database: Database;
  /** So many bytes stay free: what would take them is refused before it is read. */
  readonly keepFreeBytes: number;
}

/** A whole file that is safe on the disk, and that nobody sees yet. */
export interface Received {
  readonly partial: string;
  readonly content: Content;
}

/**
 * The bytes, each content once, in `files/<sha256>`. Bytes arrive in `incoming/`, are synced, and get their name by a
 * rename; only then does a row point to them. A content goes when its last row does. What a crash leaves between these
 * moments is a file without a row, and those are removed when the folder is opened.
 */
export class Contents {
  readonly #database: Database;
  readonly #files: string;
  readonly #incoming: string;
  readonly #names: SharedSync;
  readonly #partialNames: SharedSync;
  readonly #keepFreeBytes: number;
  /** Small files that come at the same time share the sync of the names and the commit. */
  readonly #arrivals = new Rendezvous();
  /** Contents that are being stored: they have a file, and no row yet. */
  readonly #arriving = new Map<string, number>();

  constructor({ dir, database, keepFreeBytes }: ContentsOptions) {
    this.#database = database;
    this.#files = join(dir, 'files');
    this.#incoming = join(dir, 'incoming');
    this.#keepFreeBytes = keepFreeBytes;
    for (const folder of [this.#files, this.#incoming]) mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#names = new SharedSync(this.#files);
    this.#partialNames = new SharedSync(this.#incoming);
  }

  /** Where the bytes of a content are. */
  fileOf(sha256: string): string {
    return join(this.#files, sha256);
  }

  partialFile(partial: string): string {
    return join(this.#incoming, partial);
  }

  newPartial(): string {
    return randomUUID();
  }

  /** Makes the names of partial files durable, before a row points to one. */
  async syncPartials(): Promise<void> {
    await this.#partialNames.sync();
  }

  /** @throws DiskFullError when so many bytes do not fit. */
  checkRoom(bytes: number): void {
    const { bavail, bsize } = statfsSync(this.#incoming);
    if (bavail * bsize - bytes < this.#keepFreeBytes) throw new DiskFullError();
  }

  /** Takes in a whole file and has `refer` write the rows that point to it. Whatever goes wrong, nothing of it stays. */
  async store<T>(source: AsyncIterable<Uint8Array>, limit: number, refer: (content: Content) => T): Promise<T> {
    const partial = this.newPartial();
    const digest = new RunningDigest();
    const guest = this.#arrivals.come();
    try {
      const onLarge = (): void => guest.leave();
      await receiveInto(this.partialFile(partial), source, { position: 0, limit, digest, onLarge });
      await guest.arrive();
      const content = digest.content();
      return await this.keep({ partial, content }, () => refer(content));
    } catch (error) {
      guest.leave();
      this.discard(partial);
      throw error;
    }
  }

  discard(partial: string): void {
    rmSync(this.partialFile(partial), { force: true });
  }

  /** Gives a received file its place, and has `refer` write the rows that point to it. If that fails, it is as before. */
  async keep<T>({ partial, content }: Received, refer: () => T): Promise<T> {
    const { sha256 } = content;
    const file = this.fileOf(sha256);
    this.#arriving.set(sha256, (this.#arriving.get(sha256) ?? 0) + 1);
    const isNew = !existsSync(file);
    try {
      if (isNew) renameSync(this.partialFile(partial), file);
      await this.#names.sync();
      const result = await this.#database.write(() => this.#refer(content, refer));
      if (!isNew) this.discard(partial); // its bytes were there already
      return result;
    } catch (error) {
      if (isNew && this.#arriving.get(sha256) === 1 && !this.#isKnown(sha256))
        renameSync(file, this.partialFile(partial));
      throw error;
    } finally {
      this.#arrived(sha256);
    }
  }

  #refer<T>({ sha256, sha1, md5, size }: Content, refer: () => T): T {
    this.#database.run('INSERT OR IGNORE INTO contents VALUES (?, ?, ?, ?)', sha256, sha1, md5, size);
    const result = refer();
    this.#forgetUnused(sha256); // what was to point to it may have gone meanwhile
    return result;
  }

  /**
   * Has `work` take away rows, and with the last row of a content its bytes.
   *
   * @param work Gives the contents that may have lost their last row.
   */
  async release(work: () => readonly string[]): Promise<void> {
    const gone = await this.#database.write(() => work().filter((sha256) => this.#forgetUnused(sha256)));
    for (const sha256 of gone) this.#removeUnused(sha256);
  }

  /** Removes what no row points to, after a crash. @param partials Those in `incoming` that are still wanted. */
  sweep(partials: ReadonlySet<string>): void {
    for (const { sha256 } of this.#database.all<{ sha256: string }>(`SELECT sha256 FROM contents WHERE NOT ${USED}`)) {
      this.#database.transaction(() => this.#database.run('DELETE FROM contents WHERE sha256 = ?', sha256));
    }
    const known = new Set(
      this.#database.all<{ sha256: string }>('SELECT sha256 FROM contents').map((row) => row.sha256),
    );
    for (const name of readdirSync(this.#files)) if (!known.has(name)) unlinkSync(join(this.#files, name));
    for (const name of readdirSync(this.#incoming)) if (!partials.has(name)) unlinkSync(join(this.#incoming, name));
  }

  #forgetUnused(sha256: string): boolean {
    const unused = this.#database.get(`SELECT 1 FROM contents WHERE sha256 = ? AND NOT ${USED}`, sha256);
    if (unused === undefined) return false;
    this.#database.run('DELETE FROM contents WHERE sha256 = ?', sha256);
    return true;
  }

  #arrived(sha256: string): void {
    const others = (this.#arriving.get(sha256) ?? 1) - 1;
    if (others > 0) this.#arriving.set(sha256, others);
    else this.#arriving.delete(sha256);
    this.#removeUnused(sha256);
  }

  /** Removes the bytes, unless somebody has come to need them since: nothing can come between the look and the removal. */
  #removeUnused(sha256: string): void {
    if (this.#arriving.has(sha256)) return;
    if (!this.#isKnown(sha256)) rmSync(this.fileOf(sha256), { force: true });
  }

  #isKnown(sha256: string): boolean {
    return this.#database.get('SELECT 1 FROM contents WHERE sha256 = ?', sha256) !== undefined;
  }
}

const REFERENCES = ['data_files', 'chunked_uploads', 'objects', 'unit_files', 'models', 'event_files'];
const USED = `(${REFERENCES.map((table) => `EXISTS (SELECT 1 FROM ${table} WHERE content = contents.sha256)`).join(' OR ')})`;
