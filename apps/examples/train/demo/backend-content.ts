import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Stage } from './stage.js';

export interface BackendContent {
  readonly models: readonly string[];
  /** How many contents lie in the backend's folder. */
  readonly files: number;
}

/** What the backend has: the models as it lists them, and what lies in its folder. */
export async function contentOf({ client, dir }: Stage): Promise<BackendContent> {
  const models: string[] = [];
  for await (const { id, name } of client.models.list()) models.push(`${id} ${name}`);
  return { models, files: (await readdir(join(dir, 'files'))).length };
}
