import { dirname, resolve } from 'node:path';
import { SynapseStepsError } from '@synapse-steps/core';
import type { PluginDefinition } from '../file/workflow-file-schema.js';
import type { PythonEnvironmentProgress } from '../python-environment/python-environment.js';

export interface PreparePluginPythonOptions {
  /** Of the workflow file. */
  readonly folder: string;
  readonly workDir: string;
  /** Hears nothing of an environment that is there already. */
  readonly onProgress: (progress: PythonEnvironmentProgress) => void;
  readonly signal: AbortSignal;
}

/** The Python that the file asks for by more than its name; undefined when that is left to the bridge. */
export async function preparePluginPython(
  { python = '', interpreter, requirements, requiresPython, environment }: PluginDefinition,
  { folder, workDir, onProgress, signal }: PreparePluginPythonOptions,
): Promise<string | undefined> {
  if (requirements === undefined && requiresPython === undefined && environment === undefined) return undefined;
  // A plugin that asks for nothing does not pay for what makes environments.
  const { preparePythonEnvironment } = await import('../python-environment/prepare-python-environment.js');
  const active = process.env['VIRTUAL_ENV'] ?? '';
  const own = [
    ...(active === '' ? [] : [active]),
    resolve(folder, dirname(python), '.venv'),
    resolve(workDir, '.venv'),
  ];
  const prepared = await preparePythonEnvironment({
    requirements,
    requiresPython,
    environment,
    interpreter,
    preferred: own.map((venv) => resolve(venv, 'bin', 'python')),
    cwd: folder,
    onProgress,
    signal,
  });
  return prepared.interpreter;
}

/** The key of the plugin that an error of {@link preparePluginPython} is about; none for another error. */
export function keyOfProblem(error: unknown): string[] {
  if (!SynapseStepsError.is(error)) return [];
  const key = KEYS_OF_PROBLEMS[error.code];
  return key === undefined ? [] : [key];
}

const KEYS_OF_PROBLEMS: Readonly<Record<string, string>> = {
  python_requirements: 'requirements',
  python_install_failed: 'requirements',
  python_environment_folder: 'requirements',
  python_version: 'requiresPython',
  python_not_found: 'requiresPython',
  python_environment_missing: 'environment',
};
