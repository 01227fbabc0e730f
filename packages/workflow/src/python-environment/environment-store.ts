import { constants } from 'node:fs';
import { access, mkdir, open, readdir, readFile, rename, rm, utimes } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, isAbsolute, join } from 'node:path';
import { errorMessage } from '@synapse-steps/core';
import { z } from 'zod';
import { pythonIn } from './installer.js';
import { PythonEnvironmentError } from './python-environment-error.js';

/**
 * Where environments are kept: a folder for each key, and in it the lock, the environment, and the mark that says that it
 * is complete. A virtual environment cannot be moved, so each is made at its last place under a name of its own, and is
 * there for others only once the mark, written last and in one go, names it.
 */
export interface EnvironmentPlace {
  readonly folder: string;
  readonly lock: string;
  readonly mark: string;
}

/** `$XDG_CACHE_HOME/synapse-steps/python-environments`; without that variable, in `~/.cache`. */
export function defaultCacheFolder(): string {
  const set = process.env['XDG_CACHE_HOME'] ?? '';
  return join(isAbsolute(set) ? set : join(homeFolder(), '.cache'), 'synapse-steps', 'python-environments');
}

/** @throws PythonEnvironmentError for a user who has none, as in some containers. */
function homeFolder(): string {
  try {
    const home = homedir();
    if (isAbsolute(home)) return home;
    throw new Error(`the home directory '${home}' is no absolute path`);
  } catch (cause) {
    throw new PythonEnvironmentError({
      code: 'python_environment_folder',
      message: `there is no folder for Python environments: ${errorMessage(cause)}. Set HOME, or set XDG_CACHE_HOME to a folder that can be written.`,
      cause,
    });
  }
}

export function environmentPlace(folder: string): EnvironmentPlace {
  return { folder, lock: join(folder, 'lock'), mark: join(folder, MARK_NAME) };
}

const MARK_NAME = 'complete.json';

const markSchema = z.object({
  /** The name of the environment's folder. */
  environment: z.string().regex(/^env-[\w-]+$/),
  python: z.string(),
  installer: z.string(),
  requirements: z.string(),
  made: z.string(),
});

export type EnvironmentMark = z.infer<typeof markSchema>;

/** The complete environment of a place; undefined when there is none, or its Python is gone. */
export async function completeEnvironment({ folder, mark }: EnvironmentPlace): Promise<string | undefined> {
  const found = await readMark(mark);
  if (found === undefined) return undefined;
  const environment = join(folder, found.environment);
  const hasPython = await access(pythonIn(environment), constants.X_OK).then(
    () => true,
    () => false, // removed by hand, or the Python that it was made of was uninstalled
  );
  return hasPython ? environment : undefined;
}

/** Undefined where there is none that can be read: then the environment is made anew. */
export async function readMark(mark: string): Promise<EnvironmentMark | undefined> {
  try {
    return markSchema.parse(JSON.parse(await readFile(mark, 'utf8')));
  } catch {
    return undefined;
  }
}

/** From now on the environment is complete, and stays so. */
export async function writeMark({ mark }: EnvironmentPlace, content: EnvironmentMark): Promise<void> {
  const fresh = freshMark(mark);
  await using file = await open(fresh, 'w', 0o644);
  await file.writeFile(`${JSON.stringify(content, null, 2)}\n`);
  await file.sync();
  await rename(fresh, mark);
}

/** What the mark is called until it is written. */
function freshMark(mark: string): string {
  return `${mark}.new`;
}

/** Remembers that it was used now, so that what nobody uses can be told. */
export async function touchMark({ mark }: EnvironmentPlace): Promise<void> {
  const now = new Date();
  await utimes(mark, now, now).catch((error: NodeJS.ErrnoException) => {
    // whoever may only read the folder can use the environment all the same
    if (!['EACCES', 'EPERM', 'EROFS', 'ENOENT'].includes(error.code ?? '')) throw error;
  });
}

/** Removes what makers left that were killed, and what is complete no longer. Only for who holds the lock. */
export async function removeLeftovers({ folder, mark }: EnvironmentPlace): Promise<void> {
  await rm(mark, { force: true });
  const names = await readdir(folder);
  const isLeft = (name: string): boolean => /^(?:env|tmp)-/.test(name) || name === basename(freshMark(mark));
  await Promise.all(names.filter(isLeft).map((name) => removeFolder(join(folder, name))));
}

/** Removes a folder, also when somebody else removes it too. */
export async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** @throws PythonEnvironmentError when nothing can be written there. */
export async function makeFolder(folder: string): Promise<void> {
  try {
    // for its owner only: whoever could write there could run code in everybody's plugins
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await access(folder, constants.W_OK);
  } catch (cause) {
    throw folderError(folder, cause);
  }
}

export function folderError(folder: string, cause: unknown): PythonEnvironmentError {
  return new PythonEnvironmentError({
    code: 'python_environment_folder',
    message: `nothing can be written to ${folder}, where Python environments are kept: ${errorMessage(cause)}. Make room there, or set XDG_CACHE_HOME to a folder that can be written.`,
    cause,
  });
}
