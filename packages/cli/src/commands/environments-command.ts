import { clearPythonEnvironments, listPythonEnvironments, type KeptEnvironment } from '@synapse-steps/workflow';
import { EXIT } from '../exit-codes.js';
import { Output } from '../output/output.js';
import { printableJson } from '../output/printable-json.js';
import { printableLines } from '../output/printable-text.js';
import { interruptible } from '../run/interruptible.js';
import { readTime } from './read-time.js';

export interface EnvironmentsOptions {
  readonly json?: boolean;
}

export interface ClearEnvironmentsOptions extends EnvironmentsOptions {
  readonly unusedFor: string;
}

/** `synapse-steps environments`: shows the Python environments of plugins. */
export async function environmentsCommand(options: EnvironmentsOptions): Promise<number> {
  show(await listPythonEnvironments(), { ...options, none: 'There are no Python environments.', verb: '' });
  return EXIT.succeeded;
}

/** `synapse-steps environments clear`: removes those that nobody has used for a while. */
export async function clearEnvironmentsCommand(options: ClearEnvironmentsOptions): Promise<number> {
  const unusedForMs = readTime('--unused-for', options.unusedFor);
  const removed = await interruptible(async (signal) => await clearPythonEnvironments({ unusedForMs, signal }));
  show(removed, { ...options, none: `Nothing was unused for ${options.unusedFor}.`, verb: 'removed  ' });
  return EXIT.succeeded;
}

interface Shown extends EnvironmentsOptions {
  readonly none: string;
  readonly verb: string;
}

function show(environments: readonly KeptEnvironment[], { json, none, verb }: Shown): void {
  const output = new Output();
  if (json) return output.line(printableJson({ environments }));
  const lines = environments.map((environment) => `${verb}${lineOf(environment)}`);
  for (const line of (lines.length === 0 ? [none] : lines).flatMap(printableLines)) output.line(line);
}

function lineOf({ folder, isComplete, python, installer, requirements, lastUsed }: KeptEnvironment): string {
  const day = lastUsed.toISOString().slice(0, 10);
  if (!isComplete) return `${day}  not complete  ${folder}`;
  return `${day}  Python ${python}  ${installer}  ${requirements}  ${folder}`;
}
