import Libsql from 'libsql';

/** What a statement can be given and what comes back in a row. */
export type SqlValue = string | number | null;

interface PendingWrite {
  readonly attempt: () => () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * SQLite with two habits: reading is synchronous, and writes that come in the same turn of the event loop share one synced
 * commit. A hundred requests at once then cost one wait for the disk, and none is answered before its own write is safe.
 */
export class Database {
  readonly #db: Libsql.Database;
  readonly #statements = new Map<string, Libsql.Statement>();
  readonly #pending: PendingWrite[] = [];

  /** @throws SqliteError `SQLITE_BUSY` when another process, or this one, holds the file. */
  constructor(file: string) {
    this.#db = new Libsql(file, { timeout: 0 });
    try {
      this.#db.pragma('locking_mode = EXCLUSIVE'); // with the first transaction; the kernel lets go when the process dies
      this.#db.pragma('journal_mode = WAL');
      this.#db.pragma('synchronous = FULL');
      this.#db.pragma('foreign_keys = ON');
      this.#db.pragma('secure_delete = ON');
      this.transaction(() => undefined);
    } catch (error) {
      this.#db.close();
      throw error;
    }
  }

  all<Row>(sql: string, ...values: readonly SqlValue[]): Row[] {
    return this.#statement(sql).all(values) as Row[];
  }

  get<Row>(sql: string, ...values: readonly SqlValue[]): Row | undefined {
    return this.all<Row>(sql, ...values)[0]; // libsql's own get() adds a key to the row
  }

  /** Runs a statement within a `write` or `transaction`; gives the id of the inserted row. */
  run(sql: string, ...values: readonly SqlValue[]): number {
    return Number(this.#statement(sql).run(values).lastInsertRowid);
  }

  exec(sql: string): void {
    this.#db.exec(sql);
  }

  /** Resolves once what `work` wrote is on the disk. If `work` throws, nothing of it is kept. */
  write<T>(work: () => T): Promise<T> {
    return new Promise((resolve, giveUp) => {
      const reject = (error: unknown): void => giveUp(error instanceof Error ? error : new Error(String(error)));
      const attempt = (): (() => void) => {
        const value = work();
        return () => resolve(value);
      };
      this.#pending.push({ attempt, reject });
      if (this.#pending.length === 1) setImmediate(() => this.#commitPending());
    });
  }

  /** Does `work` at once, in a transaction of its own. */
  transaction<T>(work: () => T): T {
    this.exec('BEGIN IMMEDIATE');
    try {
      const value = work();
      this.exec('COMMIT');
      return value;
    } catch (error) {
      if (this.#db.inTransaction) this.exec('ROLLBACK'); // a full disk has rolled it back already
      throw error;
    }
  }

  /**
   * Writes what is pending, folds the log into the file (so that what was deleted is not in the log either) and lets go of
   * the lock: closing alone would not, as libsql keeps a connection for as long as one of its statements is not collected.
   */
  close(): void {
    this.#commitPending();
    this.#statements.clear();
    try {
      this.#db.pragma('journal_mode = DELETE');
      this.#db.pragma('locking_mode = NORMAL');
      this.all('SELECT 1 FROM sqlite_schema'); // the lock goes with the end of the next transaction
    } finally {
      this.#statements.clear();
      this.#db.close();
    }
  }

  #commitPending(): void {
    const writes = this.#pending.splice(0);
    if (writes.length === 0) return;
    const attemptOne = writes.length === 1 ? ({ attempt }: PendingWrite) => attempt() : this.#attemptAmongOthers;
    let settle: readonly (() => void)[];
    try {
      settle = this.transaction(() => writes.map(attemptOne));
    } catch (error) {
      settle = writes.map(
        ({ reject }) =>
          () =>
            reject(error),
      );
    }
    for (const tell of settle) tell();
  }

  /** What one write does wrong must not cost the others of the same commit theirs. */
  readonly #attemptAmongOthers = ({ attempt, reject }: PendingWrite): (() => void) => {
    this.exec('SAVEPOINT one_write');
    try {
      const settle = attempt();
      this.exec('RELEASE one_write');
      return settle;
    } catch (error) {
      if (!this.#db.inTransaction) throw error; // a full disk: SQLite has taken back the others as well
      this.exec('ROLLBACK TO one_write; RELEASE one_write');
      return () => reject(error);
    }
  };

  #statement(sql: string): Libsql.Statement {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}
