import { basename, extname } from 'node:path';

import type { JsonObject } from '@synapse-steps/core';

import type { FileGroup } from '../file-group.js';
import type { MetadataTable } from '../strategies.js';

/**
 * The row of a group: that of its stem, of one of its file names, or of what a transformed name came from (`a_0001.jpg` from
 * `a`, `a.jpg`, or `a.mp4` if only one row has that stem). Names are compared whole, never by parts: a row `images` says
 * nothing about `images/a.jpg`.
 */
export function matchMetadata(table: MetadataTable, group: FileGroup): JsonObject | undefined {
  const { exact, byStem } = indexOf(table);
  const stem = stemOf(group);
  const names = Object.values(group.files).map((file) => basename(file).normalize('NFC'));
  const direct = firstOf(exact, [stem, ...names]);
  const origin = /^(.+)_\d+$/u.exec(stem)?.[1];
  if (direct !== undefined || origin === undefined) return direct;
  return firstOf(exact, [origin, ...names.map((name) => origin + extname(name))]) ?? byStem.get(origin) ?? undefined;
}

function stemOf(group: FileGroup): string {
  const stem = group.meta['origin_file_stem'];
  return (typeof stem === 'string' ? stem : group.key).normalize('NFC');
}

function firstOf(rows: ReadonlyMap<string, JsonObject>, names: readonly string[]): JsonObject | undefined {
  return names.map((name) => rows.get(name)).find((row) => row !== undefined);
}

interface TableIndex {
  readonly exact: ReadonlyMap<string, JsonObject>;
  /** Rows whose name has an extension, by what stands before it; null where there are several. */
  readonly byStem: ReadonlyMap<string, JsonObject | null>;
}

const indexes = new WeakMap<MetadataTable, TableIndex>();

/** The same name can be spelt composed or decomposed, and macOS changes one into the other. */
function indexOf(table: MetadataTable): TableIndex {
  const known = indexes.get(table);
  if (known !== undefined) return known;
  const exact = new Map<string, JsonObject>();
  const byStem = new Map<string, JsonObject | null>();
  for (const [name, row] of Object.entries(table)) {
    const normal = name.normalize('NFC');
    const stem = normal.slice(0, normal.length - extname(normal).length);
    exact.set(normal, row);
    if (stem !== normal) byStem.set(stem, byStem.has(stem) ? null : row);
  }
  const index = { exact, byStem };
  indexes.set(table, index);
  return index;
}
