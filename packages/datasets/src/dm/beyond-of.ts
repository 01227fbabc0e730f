import type { JsonObject } from '@synapse-steps/core';

import { asList, asObject } from './json-fields.js';

/** What a DM document holds that no other format has: names of lists, and how many entries each has. */
export function beyondOf(extra: JsonObject): [tool: string, count: number][] {
  const lists = Object.entries(asObject(extra['image']) ?? {});
  return [...lists, ...Object.entries(extra).filter(([name]) => name !== 'image' && name !== 'v1')]
    .map(([name, value]): [string, number] => [name, asList(value).length])
    .filter(([, count]) => count > 0);
}
