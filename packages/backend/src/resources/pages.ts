import type { z } from 'zod';

import { pageSchema, type Page } from '../api/page.js';
import { BackendError } from '../errors/backend-error.js';
import type { Query } from '../http/address.js';
import type { CallOptions, Transport } from '../http/transport.js';

interface PagesOptions<Item> extends CallOptions {
  readonly path: string;
  readonly query: Query;
  readonly item: z.ZodType<Item>;
  readonly onCount?: ((count: number | undefined) => void) | undefined;
}

/**
 * All items of a paged list, page by page as they are wanted. Of `next` only the query is taken: whatever the address
 * says, the token goes to nobody but the host.
 */
export async function* readPages<Item>(transport: Transport, options: PagesOptions<Item>): AsyncGenerator<Item, void> {
  const { path, item, signal } = options;
  const seen = new Set<string>();
  for (let query: Query | undefined = options.query; query;) {
    const page: Page<Item> = await transport.call({ method: 'GET', path, query, answer: pageSchema(item), signal });
    if (seen.size === 0) options.onCount?.(page.count);
    yield* page.results;
    query = page.next === null ? undefined : queryOf(page.next);
    if (page.next !== null && seen.size === seen.add(page.next).size) throw endless(path);
  }
}

function queryOf(address: string): Query {
  return [...new URL(address, 'http://any.invalid/').searchParams];
}

function endless(path: string): BackendError {
  return new BackendError({
    code: 'backend_answer_invalid',
    method: 'GET',
    path,
    message: `GET ${path} names a page as the next one that was read already; the list would never end.`,
  });
}
