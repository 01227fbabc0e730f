import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { processEnvironment } from '@synapse-steps/bridge/process';
import { isEnvironmentKey } from './environment-key.js';
import { EnvironmentLock } from './environment-lock.js';
import { defaultCacheFolder, environmentPlace, readMark, removeLeftovers } from './environment-store.js';
import { findPython } from './find-python.js';
import { installerEnvironment } from './installer-environment.js';

/** An environment that was made for a plugin, or what is left of one whose maker was killed. */
export interface KeptEnvironment {
  /** The folder with all that belongs to it. */
  readonly folder: string;
  /** False for leftovers, and for one that is being made at this moment. */
  readonly isComplete: boolean;
  /** As in `3.11.7`. */
  readonly python: string | undefined;
  /** As in `uv 0.9.8`. */
  readonly installer: string | undefined;
  /** The file that it was made of. */
  readonly requirements: string | undefined;
  /** When a plugin last asked for it. */
  readonly lastUsed: Date;
}

export interface ListPythonEnvironmentsOptions {
  /** Where environments are kept. By default `$XDG_CACHE_HOME/synapse-steps/python-environments`, or below `~/.cache`. */
  readonly cacheFolder?: string;
}

/** As `listPythonEnvironments` of this package. */
export async function listPythonEnvironments(options: ListPythonEnvironmentsOptions = {}): Promise<KeptEnvironment[]> {
  const cacheFolder = resolve(options.cacheFolder ?? defaultCacheFolder());
  const names = await readdir(cacheFolder).catch(emptyWhereMissing);
  const found = await Promise.all(
    names.filter(isEnvironmentKey).map(async (key) => await describe(join(cacheFolder, key))),
  );
  return found
    .filter((environment) => environment !== undefined)
    .toSorted((one, other) => other.lastUsed.getTime() - one.lastUsed.getTime());
}

export interface ClearPythonEnvironmentsOptions extends ListPythonEnvironmentsOptions {
  /** Only those that nobody has asked for in so many milliseconds, and what killed makers left. Default: all. */
  readonly unusedForMs?: number;
  readonly signal?: AbortSignal;
}

/** As `clearPythonEnvironments` of this package. */
export async function clearPythonEnvironments(
  options: ClearPythonEnvironmentsOptions = {},
): Promise<KeptEnvironment[]> {
  const { unusedForMs = 0, signal } = options;
  const latest = Date.now() - unusedForMs;
  const isOld = ({ isComplete, lastUsed }: KeptEnvironment): boolean => !isComplete || lastUsed.getTime() <= latest;
  const old = (await listPythonEnvironments(options)).filter(isOld);
  if (old.length === 0) return [];
  const { base } = await findPython({ cwd: '/', env: processEnvironment(), signal });
  const removed: KeptEnvironment[] = [];
  for (const environment of old) {
    signal?.throwIfAborted();
    if (await remove(environment, { python: base, isOld })) removed.push(environment);
  }
  return removed;
}

interface RemoveOptions {
  readonly python: string;
  readonly isOld: (environment: KeptEnvironment) => boolean;
}

/** Whether it was removed; somebody may be making it, or have used it since. */
async function remove({ folder }: KeptEnvironment, { python, isOld }: RemoveOptions): Promise<boolean> {
  const busy = new AbortController();
  try {
    const place = environmentPlace(folder);
    await using lock = await EnvironmentLock.acquire({
      python,
      file: place.lock,
      env: installerEnvironment(),
      onWait: () => busy.abort(),
      signal: busy.signal,
    });
    const now = await describe(folder);
    if (now !== undefined && !isOld(now)) return false;
    await removeLeftovers(place);
    await lock.forget();
    return true;
  } catch (error) {
    if (busy.signal.aborted) return false;
    throw error;
  }
}

/** Undefined when it was removed meanwhile. */
async function describe(folder: string): Promise<KeptEnvironment | undefined> {
  const { mark } = environmentPlace(folder);
  const content = await readMark(mark);
  const entry = await stat(content === undefined ? folder : mark).catch(undefinedWhereMissing);
  if (entry === undefined) return undefined;
  return {
    folder,
    isComplete: content !== undefined,
    python: content?.python,
    installer: content?.installer,
    requirements: content?.requirements,
    lastUsed: entry.mtime,
  };
}

function undefinedWhereMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

function emptyWhereMissing(error: NodeJS.ErrnoException): string[] {
  if (error.code === 'ENOENT') return [];
  throw error;
}
