import { BaseStep, errorMessage, type BaseStepContext, type RuntimeContext } from '@synapse-steps/core';
import { closestFirst, didYouMean } from '../file/closest-first.js';
import type { ModuleReference } from '../file/step-reference.js';

type Exports = Readonly<Record<string, unknown>>;

/**
 * The step that an export is: an instance as it is, a class made without an argument.
 *
 * @throws Error whose message says what the export is instead, and which steps the file has.
 */
export function findStep(exports: Exports, reference: ModuleReference): BaseStep {
  const value = findExport(exports, reference, { what: 'step', isOne: looksLikeStep });
  if (BaseStep.is(value)) return value;
  if (isClassWith(value, 'execute')) {
    const made = make(value, reference);
    if (BaseStep.is(made)) return made;
  }
  const others = namesOf(exports, looksLikeStep).filter((name) => name !== reference.exportName);
  throw new Error(
    `the ${shown(reference)} is no step but ${describe(value)}. A step is a class that extends BaseStep, an instance of one, or defineStep({…}). ${offered('step', others)}`,
  );
}

/** What a context class has beside its instances. */
export interface ContextClass {
  new (runtimeContext: RuntimeContext): BaseStepContext;
  readonly params?: unknown;
}

/** The context class that an export is. @throws Error as {@link findStep}. */
export function findContextClass(exports: Exports, reference: ModuleReference): ContextClass {
  const value = findExport(exports, reference, { what: 'context class', isOne: looksLikeContext });
  if (looksLikeContext(value)) return value;
  throw new Error(
    `the ${shown(reference)} is no context class but ${describe(value)}. A context is a class that extends BaseStepContext. ${offered('context class', namesOf(exports, looksLikeContext))}`,
  );
}

interface Wanted {
  readonly what: string;
  readonly isOne: (value: unknown) => boolean;
}

function findExport(exports: Exports, reference: ModuleReference, { what, isOne }: Wanted): unknown {
  const { exportName } = reference;
  if (Object.hasOwn(exports, exportName)) return exports[exportName];
  const names = namesOf(exports, isOne);
  const problem =
    exportName === 'default'
      ? `the file has no default export, so say which one is meant: ${reference.path}#${names[0] ?? 'Name'}`
      : `there is no export '${exportName}'`;
  throw new Error(`${problem}. ${didYouMean(exportName, names)}${offered(what, closestFirst(exportName, names))}`);
}

function namesOf(exports: Exports, isOne: (value: unknown) => boolean): string[] {
  return Object.keys(exports).filter((name) => isOne(exports[name]));
}

function offered(what: string, names: readonly string[]): string {
  const plural = what.endsWith('s') ? `${what}es` : `${what}s`;
  return names.length === 0 ? `The file exports no ${what}.` : `The ${plural} of the file: ${names.join(', ')}.`;
}

function make(stepClass: new () => unknown, reference: ModuleReference): unknown {
  if (stepClass.length > 0) {
    throw new Error(
      `the constructor of the ${shown(reference)} asks for ${stepClass.length} argument${stepClass.length > 1 ? 's' : ''}, but a step is made without any. Export an instance instead, or give the arguments default values.`,
    );
  }
  try {
    return new stepClass();
  } catch (error) {
    throw new Error(`the ${shown(reference)} cannot be made: ${errorMessage(error)}`, { cause: error });
  }
}

function shown({ exportName }: ModuleReference): string {
  return exportName === 'default' ? 'default export' : `export '${exportName}'`;
}

function looksLikeStep(value: unknown): boolean {
  return BaseStep.is(value) || isClassWith(value, 'execute');
}

function looksLikeContext(value: unknown): value is ContextClass {
  return isClassWith(value, 'setProgress') && isClassWith(value, 'saveUndo');
}

/** By what it can do, not by `instanceof`: the project may have a copy of core of its own. */
function isClassWith(value: unknown, method: string): value is new () => unknown {
  if (typeof value !== 'function') return false;
  const prototype: unknown = value.prototype;
  return typeof prototype === 'object' && prototype !== null && method in prototype;
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'function')
    return /^class\b/.test(Function.prototype.toString.call(value)) ? 'another class' : 'a function';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
