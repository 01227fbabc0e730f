import { dirname, resolve } from 'node:path';
import { processEnvironment } from '@synapse-steps/bridge/process';
import { environmentKey } from './environment-key.js';
import { completeEnvironment, defaultCacheFolder, environmentPlace, touchMark } from './environment-store.js';
import { findPython, problemOf } from './find-python.js';
import { findInstaller, pythonIn } from './installer.js';
import { makeEnvironment } from './make-environment.js';
import { probePython } from './probe-python.js';
import { PythonEnvironmentError } from './python-environment-error.js';
import type { PythonEnvironment, PythonEnvironmentProgress } from './python-environment.js';
import { readRequirements } from './read-requirements.js';
import { parseRequiresPython } from './requires-python.js';

/** What a plugin in Python needs. All paths are relative to `cwd`. */
export interface PreparePythonEnvironmentOptions {
  /** A requirements file, which may include others. Without it nothing is installed. */
  readonly requirements?: string | undefined;
  /** Which versions of Python will do, as PEP 440 specifiers: `>=3.10`, `>=3.9,<3.13`. */
  readonly requiresPython?: string | undefined;
  /** An environment that exists, which is used as it is: a folder that venv, uv or conda made. */
  readonly environment?: string | undefined;
  /** The Python of which the environment is made: a path, or a command in PATH. By default one that fits is looked for. */
  readonly interpreter?: string | undefined;
  /** Programs that are taken as they are when they exist and nothing is to be installed, such as those of a project's own environment. */
  readonly preferred?: readonly string[];
  /** By default the host's working directory. */
  readonly cwd?: string;
  /** Where environments are kept. By default `$XDG_CACHE_HOME/synapse-steps/python-environments`, or below `~/.cache`. */
  readonly cacheFolder?: string;
  /** By default uv when it is in PATH, else venv and pip. */
  readonly installer?: 'uv' | 'pip' | undefined;
  /** Hears what is being done, while something is. */
  readonly onProgress?: (progress: PythonEnvironmentProgress) => void;
  /** Gives up: the installer and all that it started are ended, nothing stays, and the signal's reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

/** As `preparePythonEnvironment` of this package, which loads this when it is first called. */
export async function preparePythonEnvironment(options: PreparePythonEnvironmentOptions): Promise<PythonEnvironment> {
  const { requirements, environment, signal } = options;
  signal?.throwIfAborted();
  checkPlatform();
  if (environment !== undefined) return await existingEnvironment(environment, options);
  if (requirements !== undefined) return await installedEnvironment(requirements, options);
  const cwd = resolve(options.cwd ?? '.');
  const { executable, version } = await findPython({ ...options, cwd, env: processEnvironment() });
  return { interpreter: executable, version: version.join('.'), folder: undefined, isMade: false };
}

function checkPlatform(): void {
  if (process.platform !== 'win32') return;
  throw new PythonEnvironmentError({
    code: 'python_environment_missing',
    message:
      "Python environments are not made on Windows yet. Make one yourself, and name its python.exe with 'interpreter'.",
  });
}

async function existingEnvironment(
  environment: string,
  { cwd = '.', requirements, interpreter, requiresPython, signal }: PreparePythonEnvironmentOptions,
): Promise<PythonEnvironment> {
  if (requirements !== undefined || interpreter !== undefined) {
    throw new TypeError("'environment' is used as it is: it goes with neither 'requirements' nor 'interpreter'.");
  }
  const fits = parseRequiresPython(requiresPython);
  const folder = resolve(cwd, environment);
  const probed = await probePython(pythonIn(folder), { cwd: resolve(cwd), env: processEnvironment(), signal });
  if ('problem' in probed) {
    throw new PythonEnvironmentError({
      code: 'python_environment_missing',
      message: `${folder} is no Python environment: ${pythonIn(folder)} (${probed.problem}). Make one there with 'python3 -m venv ${folder}', or name another folder.`,
    });
  }
  const version = probed.facts.version.join('.');
  const problem = problemOf(probed.facts, fits);
  if (problem !== undefined) {
    const wanted = requiresPython === undefined ? '' : `, and '${requiresPython}' is needed`;
    throw new PythonEnvironmentError({
      code: requiresPython === undefined ? 'python_environment_missing' : 'python_not_found',
      message: `the Python environment ${folder} has Python ${problem}${wanted}. Make it anew with another Python, or name another one.`,
    });
  }
  return { interpreter: pythonIn(folder), version, folder, isMade: false };
}

async function installedEnvironment(
  requirements: string,
  options: PreparePythonEnvironmentOptions,
): Promise<PythonEnvironment> {
  const { requiresPython, onProgress = () => {}, signal } = options;
  const cwd = resolve(options.cwd ?? '.');
  const env = processEnvironment();
  const file = resolve(cwd, requirements);
  const { digest, variables } = await readRequirements(file);
  const python = await findPython({ ...options, preferred: [], cwd, env });
  const installer = await findInstaller(python, {
    installer: options.installer,
    cwd: dirname(file),
    env,
    signal,
  });
  signal?.throwIfAborted();
  const key = environmentKey({ requirementsDigest: digest, requiresPython, python, installer });
  const place = environmentPlace(resolve(cwd, options.cacheFolder ?? defaultCacheFolder(), key));
  const existing = await completeEnvironment(place);
  const found =
    existing === undefined
      ? await makeEnvironment(place, { python, installer, requirements: file, variables, onProgress, signal })
      : { folder: existing, isMade: false };
  if (!found.isMade) await touchMark(place);
  return { interpreter: pythonIn(found.folder), version: python.version.join('.'), ...found };
}
