import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataUnit } from '@synapse-steps/backend/api';
import type { Stage } from './stage.js';

export interface BackendContent {
  /** Newest first, without the addresses of their files: those are made for each answer. */
  readonly units: readonly Pick<DataUnit, 'id' | 'meta'>[];
  /** The SHA-256 of each content that is stored, sorted. */
  readonly files: readonly string[];
}

/** What the backend has: the data units as it lists them, and the contents that lie in its folder. */
export async function contentOf({ client, dir, dataCollection }: Stage): Promise<BackendContent> {
  const units: Pick<DataUnit, 'id' | 'meta'>[] = [];
  for await (const { id, meta } of client.dataUnits.list({ dataCollection })) units.push({ id, meta });
  return { units, files: (await readdir(join(dir, 'files'))).toSorted() };
}
