import { isDeepStrictEqual } from 'node:util';

import type { DataUnit } from '@synapse-steps/backend/api';
import { z } from 'zod';

import type { UploadedGroup } from '../file-group.js';

const sumSchema = z.looseObject({ checksum: z.string().nullish() });
/** By specification, or as a list of files that name theirs. */
const listedFilesSchema = z.union([
  z.record(z.string(), sumSchema),
  z
    .array(sumSchema.extend({ name: z.string() }))
    .transform((list) => Object.fromEntries(list.map((file) => [file.name, file]))),
]);

/**
 * Whether a unit that the backend names was made of this group: its meta holds all that the group's does, and its files, as
 * far as it shows them, are the same.
 */
export function isUnitOf(group: UploadedGroup, { meta, files }: DataUnit): boolean {
  const wanted = Object.entries(group.meta);
  if (wanted.length === 0 || !wanted.every(([key, value]) => isDeepStrictEqual(value, meta?.[key]))) return false;
  const listed = listedFilesOf({ files });
  if (listed === undefined) return true;
  return Object.entries(group.files).every(([spec, { checksum }]) => (listed[spec]?.checksum ?? checksum) === checksum);
}

/** The files of a unit by specification; undefined where a list does not show them. */
export function listedFilesOf({
  files,
}: Pick<DataUnit, 'files'>): Readonly<Record<string, z.infer<typeof sumSchema>>> | undefined {
  return listedFilesSchema.safeParse(files).data;
}

/** By what in its meta groups are told apart first. */
export function metaKeyOf(meta: Readonly<Record<string, unknown>> | null | undefined): string {
  return JSON.stringify([meta?.['data_unit_key'] ?? null, meta?.['origin_file_stem'] ?? null]);
}
