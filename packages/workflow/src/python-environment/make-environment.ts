import { randomUUID } from 'node:crypto';
import { mkdir, statfs } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errorMessage } from '@synapse-steps/core';
import { EnvironmentLock, type CommandOutcome } from './environment-lock.js';
import {
  completeEnvironment,
  folderError,
  makeFolder,
  removeFolder,
  removeLeftovers,
  writeMark,
  type EnvironmentPlace,
} from './environment-store.js';
import { installFailure } from './install-failure.js';
import { progressLine } from './install-progress.js';
import { installerEnvironment } from './installer-environment.js';
import type { Installer } from './installer.js';
import type { PythonFacts } from './probe-python.js';
import type { PythonEnvironmentProgress } from './python-environment.js';

export interface MakeEnvironmentOptions {
  readonly python: PythonFacts;
  readonly installer: Installer;
  /** Absolute. */
  readonly requirements: string;
  /** Names of variables that the requirements name. */
  readonly variables: readonly string[];
  readonly onProgress: (progress: PythonEnvironmentProgress) => void;
  readonly signal: AbortSignal | undefined;
}

/**
 * Makes an environment at its place, unless another process has done so meanwhile. Whatever goes wrong, nothing that is
 * not complete is ever found there.
 *
 * @returns The environment's folder, and whether it was made here.
 */
export async function makeEnvironment(
  place: EnvironmentPlace,
  options: MakeEnvironmentOptions,
): Promise<{ readonly folder: string; readonly isMade: boolean }> {
  await makeFolder(place.folder);
  await using lock = await acquireLock(place, options);
  const existing = await completeEnvironment(place);
  if (existing !== undefined) return { folder: existing, isMade: false };
  const attempt = new Attempt(place, lock, options);
  try {
    await attempt.make();
    await removeFolder(attempt.scratch);
    return { folder: attempt.folder, isMade: true };
  } catch (error) {
    await attempt.discard();
    throw error;
  }
}

async function acquireLock(place: EnvironmentPlace, options: MakeEnvironmentOptions): Promise<EnvironmentLock> {
  const { python, signal, onProgress } = options;
  try {
    return await EnvironmentLock.acquire({
      python: python.base,
      file: place.lock,
      env: installerEnvironment(),
      onWait: () => onProgress({ phase: 'waiting', message: 'another process is making this environment' }),
      signal,
    });
  } catch (error) {
    signal?.throwIfAborted();
    throw folderError(place.folder, error);
  }
}

/** One environment in the making. */
class Attempt {
  readonly folder: string;
  /** For what the installer writes beside it, so that nothing of that stays anywhere. */
  readonly scratch: string;
  readonly #place: EnvironmentPlace;
  readonly #lock: EnvironmentLock;
  readonly #options: MakeEnvironmentOptions;

  constructor(place: EnvironmentPlace, lock: EnvironmentLock, options: MakeEnvironmentOptions) {
    const id = randomUUID().slice(0, 8);
    this.folder = join(place.folder, `env-${id}`);
    this.scratch = join(place.folder, `tmp-${id}`);
    this.#place = place;
    this.#lock = lock;
    this.#options = options;
  }

  async make(): Promise<void> {
    const { installer, python, requirements, onProgress } = this.#options;
    await this.#inFolder(async () => {
      await removeLeftovers(this.#place);
      await mkdir(this.scratch);
    });
    onProgress({ phase: 'creating', message: `Python ${python.version.join('.')}, ${installer.label}` });
    await this.#run(installer.createCommand(python.base, this.folder), this.#place.folder, 'make an environment');
    onProgress({ phase: 'installing', message: requirements });
    const command = installer.installCommand(this.folder, requirements);
    await this.#run(command, dirname(requirements), `install ${requirements}`);
    this.#options.signal?.throwIfAborted();
    await this.#inFolder(async () => await writeMark(this.#place, this.#mark()));
  }

  /** Nothing of it stays. */
  async discard(): Promise<void> {
    // their names are their own, so this is no danger to whoever may have the lock by now
    await removeFolder(this.folder);
    await removeFolder(this.scratch);
    if (!this.#options.signal?.aborted) await this.#lock.forget();
  }

  async #run(argv: readonly string[], cwd: string, what: string): Promise<void> {
    const { installer, variables, onProgress } = this.#options;
    const env = installerEnvironment({ granted: variables, extra: { TMPDIR: this.scratch } });
    const onLine = (line: string): void => {
      const message = progressLine(line);
      if (message !== undefined) onProgress({ phase: 'installing', message });
    };
    const outcome = await this.#outcome({ argv, cwd, env, onLine }, what);
    if (outcome.code === 0) return;
    const { folder } = this.#place;
    throw installFailure({
      what: `${installer.label} could not ${what}`,
      folder,
      isFull: await isFull(folder),
      ...outcome,
    });
  }

  async #outcome(command: Parameters<EnvironmentLock['run']>[0], what: string): Promise<CommandOutcome> {
    try {
      return await this.#lock.run(command);
    } catch (error) {
      this.#options.signal?.throwIfAborted();
      throw new Error(`${this.#options.installer.label} could not ${what}: ${errorMessage(error)}`, { cause: error });
    }
  }

  async #inFolder(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      throw folderError(this.#place.folder, error);
    }
  }

  #mark() {
    const { python, installer, requirements } = this.#options;
    return {
      environment: basename(this.folder),
      python: python.version.join('.'),
      installer: installer.label,
      requirements,
      made: new Date().toISOString(),
    };
  }
}

/** Asked, because not every installer says why it could not write. */
async function isFull(folder: string): Promise<boolean> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize < SMALLEST_ENVIRONMENT;
}

const SMALLEST_ENVIRONMENT = 16 * 1024 * 1024;
