import type { PluginEnvironmentLog } from '@synapse-steps/workflow';
import type { Output } from '../output/output.js';
import { printableLines } from '../output/printable-text.js';

type EnvironmentProgress = Parameters<PluginEnvironmentLog>[0];

/** Tells on stderr what is being done for the Python environment of a plugin, while that goes on. */
export function sayEnvironment(output: Output, { plugin, phase, message }: EnvironmentProgress): void {
  for (const line of printableLines(`${plugin}: ${WHAT[phase]}: ${message}`)) output.problem(line);
}

const WHAT: Readonly<Record<EnvironmentProgress['phase'], string>> = {
  waiting: 'waiting for its Python environment',
  creating: 'making its Python environment, once',
  installing: 'installing',
};
