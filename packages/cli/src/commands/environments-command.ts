import { clearPythonEnvironments, listPythonEnvironments, type KeptEnvironment } from '@synapse-steps/workflow';
import { clearKept, showKept, type ClearKeptOptions, type Kept, type KeptOptions } from './kept-command.js';

/** `synapse-steps environments`: shows the Python environments of plugins. */
export async function environmentsCommand(options: KeptOptions): Promise<number> {
  return await showKept(ENVIRONMENTS, options);
}

/** `synapse-steps environments clear`: removes those that nobody has used for a while. */
export async function clearEnvironmentsCommand(options: ClearKeptOptions): Promise<number> {
  return await clearKept(ENVIRONMENTS, options);
}

const ENVIRONMENTS: Kept<KeptEnvironment> = {
  key: 'environments',
  none: 'There are no Python environments.',
  list: listPythonEnvironments,
  clear: clearPythonEnvironments,
  textOf({ folder, isComplete, python, installer, requirements }) {
    if (!isComplete) return `not complete  ${folder}`;
    return `Python ${python}  ${installer}  ${requirements}  ${folder}`;
  },
};
