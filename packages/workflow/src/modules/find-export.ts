import {
  BaseAction,
  BaseStep,
  errorMessage,
  type ActionClass,
  type BaseStepContext,
  type RuntimeContext,
  type StepRegistry,
  closestFirst,
  didYouMean,
} from '@synapse-steps/core';
import type { ModuleReference } from '../file/step-reference.js';

type Exports = Readonly<Record<string, unknown>>;

/**
 * The step or the class of actions that an export is: an instance of a step as it is, a class of steps made without an
 * argument.
 *
 * @throws Error whose message says what the export is instead, and which steps and actions the file has.
 */
export function findStepOrAction(exports: Exports, reference: ModuleReference): BaseStep | ActionClass {
  const value = findExport(exports, reference, { what: 'step', isOne: isUsable });
  if (BaseAction.isClass(value)) return value;
  const step = toStep(value, reference);
  if (step !== undefined) return step;
  throw new Error(
    `the ${shown(reference)} is no step but ${describe(value)}. ${WHAT_A_STEP_IS} ${offered('step', othersOf(exports, reference))}`,
  );
}

/**
 * What an export can be run as: a class of actions, or steps: one, a list of them, or a registry.
 *
 * @throws Error whose message says what the export is instead, and which of these the file has.
 */
export function findRunnable(exports: Exports, reference: ModuleReference): readonly BaseStep[] | ActionClass {
  const value = findExport(exports, reference, { what: 'action or step', isOne: isRunnable });
  if (BaseAction.isClass(value)) return value;
  const list = listOf(value);
  const steps = (list ?? [value]).map((item) => toStep(item, reference));
  if (steps.length > 0 && steps.every((step) => step !== undefined)) return steps;
  const found = list === undefined ? describe(value) : list.length === 0 ? 'an empty list' : 'a list of something else';
  throw new Error(
    `the ${shown(reference)} cannot be run: it is ${found}, and neither an action, a step, a list of steps nor a StepRegistry. An action is a class that extends BaseAction. ${WHAT_A_STEP_IS} ${offered('action or step', othersOf(exports, reference, isRunnable))}`,
  );
}

const WHAT_A_STEP_IS = 'A step is a class that extends BaseStep, an instance of one, or defineStep({…}).';

function toStep(value: unknown, reference: ModuleReference): BaseStep | undefined {
  if (BaseStep.is(value)) return value;
  if (BaseAction.isClass(value) || !isClassWith(value, 'execute')) return undefined;
  const made = make(value, reference);
  return BaseStep.is(made) ? made : undefined;
}

/** Steps that are exported together. */
function listOf(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value as unknown[];
  const isRegistry = typeof value === 'object' && value !== null && 'getSteps' in value && 'insertAfter' in value;
  return isRegistry ? (value as unknown as StepRegistry).getSteps() : undefined;
}

function othersOf(exports: Exports, { exportName }: ModuleReference, isOne = isUsable): string[] {
  return namesOf(exports, isOne).filter((name) => name !== exportName);
}

/** What a context class has beside its instances. */
export interface ContextClass {
  new (runtimeContext: RuntimeContext): BaseStepContext;
  readonly params?: unknown;
}

/** The context class that an export is. @throws Error as {@link findStepOrAction}. */
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
  const plural = what.endsWith('s') ? `${what}es` : `${what.replace('action or', 'actions and')}s`;
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

/** What `uses` may name: by the looks of it, a step or an action. */
function isUsable(value: unknown): boolean {
  return BaseStep.is(value) || isClassWith(value, 'execute');
}

function isRunnable(value: unknown): boolean {
  const list = listOf(value);
  return list === undefined ? isUsable(value) : list.length > 0 && list.every(isUsable);
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
