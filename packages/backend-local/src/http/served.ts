import type { HttpBindings } from '@hono/node-server';
import type { Context, Hono } from 'hono';
import type { ChunkedUploads } from '../store/chunked-uploads.js';
import type { Objects } from '../store/objects.js';
import type { Store } from '../store/open-store.js';
import type { Addresses } from './addresses.js';
import type { Limits } from './limits.js';

/** The bindings give the routes Node's own request, so that bodies are streams and never held. */
export interface AppEnv {
  Bindings: HttpBindings;
}

export type App = Hono<AppEnv>;
export type AppContext = Context<AppEnv>;

/** What the routes work on. */
export interface Served {
  readonly store: Store;
  readonly objects: Objects;
  readonly chunkedUploads: ChunkedUploads;
  readonly addresses: Addresses;
  readonly limits: Limits;
}
