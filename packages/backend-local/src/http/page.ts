import { Problem } from '../problem.js';
import type { Slice } from '../store/slice.js';
import type { AppContext } from './served.js';

export interface PageSource<Item> {
  readonly count: number;
  readonly items: (slice: Slice) => readonly Item[];
}

/** `{count, next, previous, results}` of what `page` and `page_size` ask for. */
export function pageOf<Item>(context: AppContext, origin: string, { count, items }: PageSource<Item>): object {
  const size = Math.min(wholeNumber(context, 'page_size', 100), 1000);
  const page = wholeNumber(context, 'page', 1);
  const offset = (page - 1) * size;
  if (page > 1 && offset >= count) throw new Problem(404, 'Invalid page.');
  return {
    count,
    next: offset + size < count ? addressOf(context, origin, page + 1) : null,
    previous: page > 1 ? addressOf(context, origin, page - 1) : null,
    results: items({ limit: size, offset }),
  };
}

/** A query parameter that must be a whole number above 0. */
export function wholeNumber(context: AppContext, name: string, otherwise: number): number {
  const text = context.req.query(name);
  if (text === undefined) return otherwise;
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new Problem(400, { [name]: [`Enter a whole number above 0, not '${text.slice(0, 40)}'.`] });
}

/** `ORDER BY` for `?ordering=id` and `?ordering=-id`. */
export function orderOf(context: AppContext): 'ASC' | 'DESC' {
  const ordering = context.req.query('ordering') ?? 'id';
  if (ordering === 'id') return 'ASC';
  if (ordering === '-id') return 'DESC';
  throw new Problem(400, { ordering: [`Order by id or -id, not by '${ordering.slice(0, 40)}'.`] });
}

/** The id in a path. One that cannot be is nobody's. */
export function idOf(context: AppContext): number {
  const text = context.req.param('id') ?? '';
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new Problem(404, 'Not found.');
}

function addressOf(context: AppContext, origin: string, page: number): string {
  const address = new URL(`${origin}${new URL(context.req.url).pathname}`);
  for (const [name, values] of Object.entries(context.req.queries())) {
    if (name !== 'page') for (const value of values) address.searchParams.append(name, value);
  }
  address.searchParams.set('page', String(page));
  return address.href;
}
