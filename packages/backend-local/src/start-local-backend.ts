import { rmSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createAdaptorServer } from '@hono/node-server';
import { Addresses } from './http/addresses.js';
import { DEFAULT_LIMITS, type Limits } from './http/limits.js';
import { makeApp } from './http/make-app.js';
import type { AppEnv } from './http/served.js';
import { LocalBackendError } from './local-backend-error.js';
import { seedStore, type SeedReport } from './seed/seed-store.js';
import { ChunkedUploads } from './store/chunked-uploads.js';
import { forgetExpiredUploads } from './store/expired-uploads.js';
import { Objects } from './store/objects.js';
import { openStore, OWNER_FILE, type Store, unusable } from './store/open-store.js';

export interface LocalBackendOptions {
  /** The folder that holds everything; made if there is none. It has one owner at a time. */
  readonly dir: string;
  /** On 127.0.0.1. Default 0: any that is free. */
  readonly port?: number;
  /** What clients must send. Without one everybody on this machine may do everything. */
  readonly token?: string;
  /** How large a request may be. */
  readonly limits?: Partial<Limits>;
  /** So many bytes of the disk stay free (default 64 MiB); what would take them is answered with 507. */
  readonly keepFreeBytes?: number;
  /** Is told of failures of the backend itself, such as a file that was removed behind its back. Default: stderr. */
  readonly onFailure?: (error: unknown) => void;
}

/** A running embedded backend. Close it, or let `await using` do so. */
export class LocalBackend implements AsyncDisposable {
  /** Such as `http://127.0.0.1:4000`: what `SYNAPSE_HOST` is set to. */
  readonly url: string;
  readonly port: number;
  /** Its folder, absolute. */
  readonly dir: string;
  readonly #server: Server;
  readonly #store: Store;
  readonly #busy: ReadonlySet<Promise<unknown>>;
  #closing: Promise<void> | undefined;
  #seeding: Promise<unknown> = Promise.resolve();

  /** @internal Use {@link startLocalBackend}. */
  constructor({ server, store, busy }: Parts, { port }: AddressInfo) {
    this.#server = server;
    this.#store = store;
    this.#busy = busy;
    this.port = port;
    this.url = `http://127.0.0.1:${port}`;
    this.dir = store.dir;
  }

  /**
   * Makes what a YAML file describes: collections, projects, datasets …. What is there already, by its name, stays as it is.
   *
   * @throws LocalBackendError `seed_invalid` with file, line and column.
   */
  async seed(file: string): Promise<SeedReport> {
    const seeding = this.#seeding.then(() => seedStore(this.#store, file)); // the second of two finds what the first has made
    this.#seeding = seeding.catch(() => undefined); // whoever asked for it is told
    return await seeding;
  }

  /** Ends the requests that are under way, and gives the folder free. Safe to call twice. */
  async close(): Promise<void> {
    this.#closing ??= this.#close();
    await this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeIdleConnections();
    const impatient = setTimeout(() => this.#server.closeAllConnections(), CLOSE_GRACE_MS);
    await closed;
    clearTimeout(impatient);
    await Promise.allSettled([...this.#busy, this.#seeding]);
    try {
      rmSync(join(this.dir, OWNER_FILE), { force: true });
    } finally {
      this.#store.close();
    }
  }
}

/**
 * Starts the embedded backend: the Synapse backend's HTTP API on 127.0.0.1, over one folder.
 *
 * @throws LocalBackendError when the folder has another owner or is something else, the port is taken, or the token is empty.
 * @example
 * ```ts
 * await using backend = await startLocalBackend({ dir: 'backend' });
 * console.log(backend.url);
 * ```
 */
export async function startLocalBackend(options: LocalBackendOptions): Promise<LocalBackend> {
  const { dir, port = 0, keepFreeBytes } = options;
  if (options.token === '') throw new LocalBackendError('token_empty', EMPTY_TOKEN);
  const store = openStore({ dir, ...(keepFreeBytes !== undefined && { keepFreeBytes }) });
  let server: Server | undefined;
  try {
    await forgetExpiredUploads(store, new Date());
    const addresses = new Addresses(store.secret);
    const busy = new Set<Promise<unknown>>();
    server = makeServer(options, { store, addresses, busy });
    const address = await listen(server, port);
    const backend = new LocalBackend({ server, store, busy }, address);
    addresses.serveAt(backend.url);
    await sayWhoOwns(store.dir, backend.url).catch((error: unknown) => {
      throw unusable(store.dir, error);
    });
    return backend;
  } catch (error) {
    server?.close();
    server?.closeAllConnections();
    store.close();
    throw error;
  }
}

interface Parts {
  readonly server: Server;
  readonly store: Store;
  readonly busy: Set<Promise<unknown>>;
}

interface ServerParts {
  readonly store: Store;
  readonly addresses: Addresses;
  readonly busy: Set<Promise<unknown>>;
}

const EMPTY_TOKEN =
  "The token is empty. Give one that clients must send, or leave 'token' out to let every program in.";
const CLOSE_GRACE_MS = 2000;
const EXPIRY_INTERVAL_MS = 60 * 60 * 1000;
const STALLED_MS = 600_000; // also the longest that hashing a joined file may take

function makeServer(options: LocalBackendOptions, { store, addresses, busy }: ServerParts): Server {
  const report = options.onFailure ?? ((error: unknown) => console.error(error));
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const served = { store, addresses, limits, objects: new Objects(store), chunkedUploads: new ChunkedUploads(store) };
  const app = makeApp(served, { token: options.token, report });
  const server = createAdaptorServer({
    fetch: (request, bindings) => {
      const answering = Promise.resolve(app.fetch(request, bindings as AppEnv['Bindings']));
      busy.add(answering);
      return answering.finally(() => busy.delete(answering));
    },
    overrideGlobalObjects: false,
    // A slow upload may take hours; what must not is one that stands still.
    serverOptions: { requestTimeout: 0, headersTimeout: 60_000, keepAliveTimeout: 65_000 },
  }) as Server;
  server.setTimeout(STALLED_MS);
  server.once('listening', () => {
    const expiry = setInterval(() => void forgetExpiredUploads(store, new Date()).catch(report), EXPIRY_INTERVAL_MS);
    expiry.unref();
    server.once('close', () => clearInterval(expiry));
  });
  return server;
}

async function listen(server: Server, port: number): Promise<AddressInfo> {
  return await new Promise((resolve, reject) => {
    server.once('error', (error) => reject(toListenError(error, port)));
    server.listen(port, '127.0.0.1', () => resolve(server.address() as AddressInfo));
  });
}

function toListenError(error: Error, port: number): Error {
  const isTaken = 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES');
  if (!isTaken) return error;
  const message = `Port ${port} of 127.0.0.1 cannot be used (${error.message}). Take another one, or 0 for any that is free.`;
  return new LocalBackendError('port_in_use', message, { cause: error });
}

/** For the message that a second owner gets. The lock itself is the database's. */
async function sayWhoOwns(dir: string, url: string): Promise<void> {
  const file = join(dir, OWNER_FILE);
  const handle = await open(`${file}.new`, 'w', 0o600);
  try {
    await handle.writeFile(JSON.stringify({ pid: process.pid, url }));
  } finally {
    await handle.close();
  }
  await rename(`${file}.new`, file);
}
