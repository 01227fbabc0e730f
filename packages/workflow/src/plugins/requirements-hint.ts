import { errorMessage } from '@synapse-steps/core';
import type { PluginDefinition } from '../file/workflow-file-schema.js';

/**
 * What to do about a package that the Python of a plugin does not have; an empty text where something else is wrong, or where
 * the file says already which packages the plugin has.
 */
export function requirementsHint({ python, requirements, environment }: PluginDefinition, error: unknown): string {
  const isSaid = requirements !== undefined || environment !== undefined;
  const [, missing] = /ModuleNotFoundError: No module named '([\w.]+)'/.exec(errorMessage(error)) ?? [];
  if (python === undefined || isSaid || missing === undefined) return '';
  const name = missing.split('.', 1)[0];
  return `\nIs '${name}' a package? List what the plugin needs in a file, as it is called on PyPI, and name that file in the workflow file: 'requirements: requirements.txt'. It is then installed for this plugin.`;
}
