import { z } from 'zod';

import { unsafeName } from '../pictures/safe-name.js';

const valueSchema = z.union([z.string(), z.number(), z.boolean()]);

/** Conditions on the events of a split, by the names that the backend's list knows. `null`, or nothing: none. */
const filtersSchema = z
  .record(z.string(), z.union([valueSchema, z.array(valueSchema), z.null()]))
  .nullable()
  .transform((filters) => filters ?? {});

/** Splits by the name of their folder, such as `{ train: {}, valid: { tag: 'x' } }`; a split may be `null`: no condition. */
export const splitsSchema = z.record(z.string(), filtersSchema).superRefine((splits, context) => {
  for (const name of Object.keys(splits)) {
    const message =
      unsafeName(name) ?? (name.startsWith('.') ? 'The name of a split cannot begin with a dot.' : undefined);
    if (message !== undefined) context.addIssue({ code: 'custom', path: [name], message });
  }
});

export type SplitFilters = z.output<typeof splitsSchema>;

/** What the backend calls the split of a folder. */
function categoryOf(split: string): string {
  return split === 'valid' ? 'validation' : split;
}

/** One list of events that belongs into one folder. */
export interface SplitQuery {
  readonly split: string | undefined;
  readonly category: string | undefined;
  readonly filters: Readonly<Record<string, string | number | boolean | (string | number | boolean)[]>>;
}

/** @param splits none, or an empty object: the whole data set in one folder */
export function splitQueries(splits: SplitFilters | undefined): readonly SplitQuery[] {
  const entries = Object.entries(splits ?? {});
  if (entries.length === 0) return [{ split: undefined, category: undefined, filters: {} }];
  return entries.map(([split, given]) => {
    const { category = categoryOf(split), ...rest } = given;
    const filters = Object.fromEntries(
      Object.entries(rest).flatMap(([name, value]) => (value === null ? [] : [[name, value] as const])),
    );
    return { split, category: category === null ? undefined : String(category), filters };
  });
}
