import { closestFirst, didYouMean } from '@synapse-steps/core';
import { WorkflowError, type WorkflowProblem } from '../workflow-error.js';
import type { WorkflowFile } from './read-workflow-file.js';
import {
  parseModuleReference,
  parseStepReference,
  type ModuleReference,
  type StepReference,
} from './step-reference.js';
import type { ParallelDefinition, StepDefinition } from './workflow-file-schema.js';
import type { SourcePath } from './yaml-source.js';

/** A step of a file, where it stands, and what it refers to. */
export interface SingleStep {
  readonly kind: 'single';
  readonly path: SourcePath;
  /** How people count it: `2`, or `2.1` for the first of several that are the second together. */
  readonly number: string;
  readonly definition: StepDefinition;
  readonly reference: StepReference;
}

/** Several steps that run side by side. */
interface ParallelSteps {
  readonly kind: 'parallel';
  readonly path: SourcePath;
  readonly number: string;
  readonly definition: ParallelDefinition;
  readonly children: readonly SingleStep[];
}

export type FileStep = SingleStep | ParallelSteps;

export interface References {
  /** In the order of the file. */
  readonly steps: readonly FileStep[];
  readonly context: ModuleReference | undefined;
  /** The names of the plugins that are used. */
  readonly plugins: readonly string[];
}

/** What the steps and the context of a file refer to, as far as the file alone can tell. @throws WorkflowError */
export function readReferences(file: WorkflowFile): References {
  const reader = new ReferenceReader(file);
  const steps = file.definition.steps.flatMap((definition, index) => reader.read(definition, index));
  const context = reader.readContext();
  if (reader.problems.length > 0) throw new WorkflowError(reader.problems);
  const singles = steps.flatMap((step) => (step.kind === 'single' ? [step] : step.children));
  const used = singles.flatMap(({ reference }) => (reference.kind === 'plugin' ? [reference.plugin] : []));
  return { steps, context, plugins: [...new Set(used)] };
}

class ReferenceReader {
  readonly problems: WorkflowProblem[] = [];
  readonly #file: WorkflowFile;

  constructor(file: WorkflowFile) {
    this.#file = file;
  }

  /** Nothing when it refers to nothing; the problem is kept. */
  read(definition: StepDefinition | ParallelDefinition, index: number): FileStep[] {
    const path = ['steps', index];
    const number = String(index + 1);
    if ('uses' in definition) return this.#readSingle(definition, { path, number });
    const children = definition.parallel.flatMap((child, place) =>
      this.#readSingle(child, { path: [...path, 'parallel', place], number: `${number}.${place + 1}` }),
    );
    return [{ kind: 'parallel', path, number, definition, children }];
  }

  readContext(): ModuleReference | undefined {
    const { context } = this.#file.definition;
    if (context === undefined) return undefined;
    const reference = parseModuleReference(context);
    if (reference === undefined) {
      this.#report(['context'], `'${context}' is no context. Write ./file.ts#Export, relative to this file.`);
    }
    return reference;
  }

  #readSingle(definition: StepDefinition, place: { readonly path: SourcePath; readonly number: string }): SingleStep[] {
    const { uses } = definition;
    const reference = parseStepReference(uses);
    const known = Object.keys(this.#file.definition.plugins ?? {});
    const problem = reference === undefined ? misread(uses) : pluginProblem(reference, known);
    if (problem !== undefined) this.#report([...place.path, 'uses'], problem);
    return reference === undefined ? [] : [{ kind: 'single', ...place, definition, reference }];
  }

  #report(path: SourcePath, message: string): void {
    this.problems.push({ file: this.#file.file, ...this.#file.source.positionOfValue(path), message });
  }
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
