import { z } from 'zod';

/** One page of a list. `next` is the whole address of the following page. */
export interface Page<Item> {
  readonly count?: number | undefined;
  readonly next: string | null;
  readonly results: readonly Item[];
}

/** `{count, next, results}` of the given items. */
export function pageSchema<Item extends z.ZodType>(item: Item) {
  return z.looseObject({
    count: z.int().nonnegative().optional(),
    next: z.string().nullable().default(null),
    results: z.array(item),
  });
}
