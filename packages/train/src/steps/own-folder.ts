import { lstat, mkdir, readdir } from 'node:fs/promises';

import { DatasetError, removeFolder } from '@synapse-steps/datasets';
import { z } from 'zod';

import type { TrainContext } from '../train-context.js';

/**
 * Makes a folder that belongs to the run: the undo of the step removes it. One that was there before is not the run's; of
 * one that was empty, only what came into it is.
 *
 * @param make fails with `output_exists` when something is there that it must not touch
 */
export async function makeOwnFolder<T>(context: TrainContext, folder: string, make: () => Promise<T>): Promise<T> {
  const found = await lookAt(folder);
  if (found === 'full') return await make();
  await context.saveUndo({ folder, wasThere: found === 'empty' });
  try {
    return await make();
  } catch (error) {
    // Somebody else made it meanwhile.
    if (DatasetError.is(error) && error.code === 'output_exists') await context.saveUndo({ folder: null });
    throw error;
  }
}

const undoSchema = z.object({ folder: z.string().nullish(), wasThere: z.boolean().optional() });

/** The undo of a step that may have made a folder of its own. */
export async function removeOwnFolder(undoData: unknown): Promise<void> {
  const { folder, wasThere = false } = undoSchema.parse(undoData);
  if (!folder) return;
  await removeFolder(folder);
  if (wasThere) await mkdir(folder);
}

async function lookAt(path: string): Promise<'missing' | 'empty' | 'full'> {
  try {
    if (!(await lstat(path)).isDirectory()) return 'full';
    return (await readdir(path)).length === 0 ? 'empty' : 'full';
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 'missing';
    throw error;
  }
}
