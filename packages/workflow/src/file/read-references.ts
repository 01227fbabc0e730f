import { WorkflowError, type WorkflowProblem } from '../workflow-error.js';
import { closestFirst, didYouMean } from './closest-first.js';
import type { WorkflowFile } from './read-workflow-file.js';
import {
  parseModuleReference,
  parseStepReference,
  type ModuleReference,
  type StepReference,
} from './step-reference.js';

export interface References {
  /** One for each step of the file, in its order. */
  readonly steps: readonly StepReference[];
  readonly context: ModuleReference | undefined;
  /** The names of the plugins that are used. */
  readonly plugins: readonly string[];
}

/** What the steps and the context of a file refer to, as far as the file alone can tell. @throws WorkflowError */
export function readReferences(file: WorkflowFile): References {
  const problems: WorkflowProblem[] = [];
  const { steps, context, plugins = {} } = file.definition;
  const report = (path: (string | number)[], message: string): undefined => {
    problems.push({ file: file.file, ...file.source.positionOfValue(path), message });
  };
  const references = steps.map(({ uses }, index) => {
    const reference = parseStepReference(uses);
    const problem = reference === undefined ? misread(uses) : pluginProblem(reference, Object.keys(plugins));
    return problem === undefined ? reference : report(['steps', index, 'uses'], problem);
  });
  const contextReference = context === undefined ? undefined : parseModuleReference(context);
  if (context !== undefined && contextReference === undefined) {
    report(['context'], `'${context}' is no context. Write ./file.ts#Export, relative to this file.`);
  }
  if (problems.length > 0) throw new WorkflowError(problems);
  const found = references.filter((reference) => reference !== undefined);
  const used = found.flatMap((reference) => (reference.kind === 'plugin' ? [reference.plugin] : []));
  return { steps: found, context: contextReference, plugins: [...new Set(used)] };
}

function misread(uses: string): string {
  const path = /[./#\\]/.test(uses) ? ` A file begins with ./, so perhaps ./${uses} is meant.` : '';
  return `'${uses}' is no step. Write ./file.ts#Export for a step of a file, or plugin/step for a step of a plugin.${path}`;
}

function pluginProblem(reference: StepReference, known: readonly string[]): string | undefined {
  if (reference.kind !== 'plugin' || known.includes(reference.plugin)) return undefined;
  const { plugin, step } = reference;
  if (/\.[cm]?[jt]s$/.test(step)) return misread(`${plugin}/${step}`);
  const listed =
    known.length === 0
      ? "The file has no 'plugins'."
      : `The plugins of the file: ${closestFirst(plugin, known).join(', ')}.`;
  return `there is no plugin '${plugin}'. ${didYouMean(plugin, known)}${listed}`;
}
