import { lstat, realpath, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';

import { errorMessage, type JsonObject, type UndoResult } from '@synapse-steps/core';

import { isInside } from '../is-inside.js';
import type { Checkpoint } from '../train-context.js';
import { TrainError } from '../train-error.js';
import type { Metrics } from './measured-metrics.js';

/** A state from which a training can go on, saved by the trainer while it trains. */
export interface SavedCheckpoint extends Checkpoint {
  readonly category: 'saved';
  readonly epoch?: number;
  readonly metrics?: Metrics;
}

export interface SaveCheckpointOptions {
  /** How many epochs are behind it. */
  readonly epoch?: number;
  /** What was measured of it; by these the best one is chosen. */
  readonly metrics?: Metrics;
}

/** The entry of undo data that stands for a saved checkpoint. */
export function undoOfCheckpoint({ path }: SavedCheckpoint): JsonObject {
  return { [`${PREFIX}${path}`]: true };
}

/** The paths of checkpoints that undo data tell of, newest first. */
export function checkpointPaths(undoData: Partial<JsonObject>): string[] {
  const names = Object.keys(undoData).filter((name) => name.startsWith(PREFIX));
  return names.map((name) => name.slice(PREFIX.length)).toReversed();
}

const PREFIX = 'checkpoint:';

/** A checkpoint that is there, by its absolute path. @throws TrainError `checkpoint_not_usable` */
export async function existingCheckpoint(
  path: string,
  { workDir, ...options }: SaveCheckpointOptions & { readonly workDir: string },
): Promise<SavedCheckpoint> {
  const place = resolve(workDir, path);
  await stat(place).catch((error: unknown) => {
    throw new TrainError({
      code: 'checkpoint_not_usable',
      message: `The checkpoint ${place} cannot be kept: ${errorMessage(error)}. Write it before it is reported.`,
      cause: error,
    });
  });
  const { epoch, metrics } = options;
  return {
    category: 'saved',
    path: place,
    ...(epoch !== undefined && { epoch }),
    ...(metrics && { metrics: { ...metrics } }),
  };
}

/** Those that are still there: a trainer may keep only its last ones. */
export async function checkpointsThere(checkpoints: readonly SavedCheckpoint[]): Promise<SavedCheckpoint[]> {
  const found = await Promise.all(checkpoints.map(({ path }) => placeOf(path)));
  return checkpoints.filter((_checkpoint, index) => found[index] !== undefined);
}

/**
 * Removes checkpoints. Only below the working directory and the folder for temporary files is what a trainer names surely
 * its own; what lies elsewhere stays.
 */
export async function removeCheckpoints(paths: readonly string[], workDir: string): Promise<UndoResult> {
  const roots = await Promise.all([workDir, tmpdir()].map((root) => realpath(root)));
  const leftBehind: string[] = [];
  for (const path of paths) {
    const place = await placeOf(path);
    if (place === undefined) continue;
    if (roots.some((root) => place !== root && isInside(place, root)))
      await rm(place, { recursive: true, force: true });
    else leftBehind.push(`checkpoint ${place}`);
  }
  return { leftBehind };
}

/** Where a path leads to, its last part as it is: of a link, the link. Undefined when nothing is there. */
async function placeOf(path: string): Promise<string | undefined> {
  try {
    const place = join(await realpath(dirname(path)), basename(path));
    await lstat(place);
    return place;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
