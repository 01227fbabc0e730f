import { SynapseStepsError, type JsonObject } from '@synapse-steps/core';

/**
 * Why there is no environment. `python_not_found`: no interpreter that fits; `python_requirements`: the requirements cannot
 * be read; `python_version`: `requiresPython` is no specifier; `python_install_failed`: the installer failed;
 * `python_environment_folder`: nothing can be written where environments are kept; `python_environment_missing`: the named
 * environment is none.
 */
export type PythonEnvironmentProblem =
  | 'python_not_found'
  | 'python_requirements'
  | 'python_version'
  | 'python_install_failed'
  | 'python_environment_folder'
  | 'python_environment_missing';

export interface PythonEnvironmentErrorOptions {
  readonly code: PythonEnvironmentProblem;
  readonly message: string;
  readonly cause?: unknown;
  readonly details?: JsonObject;
}

/** No Python environment could be prepared; `message` says what, where and what to do. Nothing half made is in use. */
export class PythonEnvironmentError extends SynapseStepsError {
  constructor(options: PythonEnvironmentErrorOptions) {
    super(options);
  }
}
