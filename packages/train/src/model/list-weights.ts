import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';

import { errorMessage } from '@synapse-steps/core';

import { isInside } from '../is-inside.js';
import { TrainError } from '../train-error.js';

/** A file of a model. */
export interface WeightsFile {
  readonly path: string;
  /** Its name in the archive, with `/`. */
  readonly name: string;
  readonly size: number;
  readonly mtime: Date;
  readonly mode: number;
}

/**
 * The files of a model: the file itself, or all that are below the folder, sorted. Links inside the folder are followed;
 * one that leads out of it is an error, because nobody would notice what is sent.
 *
 * @throws TrainError `weights_missing`
 */
export async function listWeights(source: string): Promise<WeightsFile[]> {
  const root = await realpath(source).catch((error: unknown) => {
    throw notThere(
      `What was trained is not there: ${errorMessage(error)}. Return as weightsPath where the weights are`,
      error,
    );
  });
  const found = await stat(root);
  if (found.isFile()) return [fileOf(root, basename(source), found)];
  if (!found.isDirectory()) throw notThere(`What was trained, ${source}, is neither a file nor a folder`);
  const files = await filesBelow(root, root);
  if (files.length === 0) throw notThere(`The folder of what was trained, ${source}, is empty`);
  return files;
}

async function filesBelow(folder: string, root: string): Promise<WeightsFile[]> {
  const files: WeightsFile[] = [];
  for (const entry of (await readdir(folder, { withFileTypes: true })).toSorted(byName)) {
    const path = join(folder, entry.name);
    if (entry.isSymbolicLink()) await assertInside(path, root);
    const found = entry.isSymbolicLink() ? await stat(path) : entry;
    if (found.isDirectory()) {
      if (entry.isSymbolicLink()) throw notThere(`${path} is a link to a folder. Copy the folder there`);
      files.push(...(await filesBelow(path, root)));
    } else if (found.isFile()) {
      files.push(fileOf(path, relative(root, path).split(sep).join('/'), await stat(path)));
    } else {
      throw notThere(`${path} is neither a file nor a folder. Take it out of the folder of what was trained`);
    }
  }
  return files;
}

async function assertInside(path: string, root: string): Promise<void> {
  const target = await realpath(path).catch((error: unknown) => {
    throw notThere(`${path} is a link that leads nowhere`, error);
  });
  if (!isInside(target, root)) {
    throw notThere(`${path} is a link that leads out of the folder of what was trained. Copy there what it leads to`);
  }
}

function byName(one: { readonly name: string }, other: { readonly name: string }): number {
  return one.name < other.name ? -1 : 1;
}

function fileOf(
  path: string,
  name: string,
  { size, mtime, mode }: Pick<WeightsFile, 'size' | 'mtime' | 'mode'>,
): WeightsFile {
  return { path, name, size, mtime, mode };
}

function notThere(message: string, cause?: unknown): TrainError {
  return new TrainError({ code: 'weights_missing', message: `${message}.`, ...(cause !== undefined && { cause }) });
}
