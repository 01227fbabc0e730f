import type {
  ClearPythonEnvironmentsOptions,
  KeptEnvironment,
  ListPythonEnvironmentsOptions,
} from './kept-environments.js';
import type { PreparePythonEnvironmentOptions } from './prepare-python-environment.js';
import type { PythonEnvironment } from './python-environment.js';

// What does the work is loaded when it is asked for: a program that only loads workflows shall not pay for what starts processes.

/**
 * Finds or makes a Python that has what a plugin needs. An environment is made once for the texts of its requirements,
 * the interpreter, the platform and the installer, and is shared by all processes of this user.
 *
 * @throws PythonEnvironmentError that says what, where and what to do; nothing half made is in use.
 * @example
 * const { interpreter } = await preparePythonEnvironment({ requirements: 'plugins/requirements.txt' });
 * const session = await connectPlugin({ python: 'plugins/train.py', interpreter });
 */
export async function preparePythonEnvironment(options: PreparePythonEnvironmentOptions): Promise<PythonEnvironment> {
  const prepare = await import('./prepare-python-environment.js');
  return await prepare.preparePythonEnvironment(options);
}

/** The environments that {@link preparePythonEnvironment} has made, the one that was used last first. */
export async function listPythonEnvironments(options: ListPythonEnvironmentsOptions = {}): Promise<KeptEnvironment[]> {
  const kept = await import('./kept-environments.js');
  return await kept.listPythonEnvironments(options);
}

/**
 * Removes environments; those that are being made are left alone. A plugin that runs in one at this moment may fail, so
 * say for how long it must have been out of use.
 *
 * @returns Those that were removed.
 * @throws PythonEnvironmentError when there is no Python that could hold their locks.
 */
export async function clearPythonEnvironments(
  options: ClearPythonEnvironmentsOptions = {},
): Promise<KeptEnvironment[]> {
  const kept = await import('./kept-environments.js');
  return await kept.clearPythonEnvironments(options);
}
