import { errorMessage } from '../errors/error-record.js';
import { BaseStep } from './base-step.js';
import { StepUsageError } from './step-error.js';

/**
 * What every step must be before it may be part of a workflow; the steps inside it too.
 *
 * @throws StepUsageError that says what is wrong with which step.
 */
export function checkStep(step: BaseStep<never>): void {
  checkIsStep(step);
  const { name, children, progressWeight } = read(step);
  if (typeof name !== 'string' || name === '' || name.includes('/')) {
    throw invalidStep(
      `The ${classNameOf(step)} has the name ${JSON.stringify(name)}. A step's name is a text that is not empty and has no '/'.`,
    );
  }
  checkCallable(step, name);
  for (const child of children ?? []) checkStep(child);
  if (typeof progressWeight !== 'number' || !Number.isFinite(progressWeight) || progressWeight < 0) {
    throw invalidStep(
      `The step '${name}' has the weight ${String(progressWeight)}. A weight is a finite number, 0 or more.`,
    );
  }
}

/** @throws StepUsageError when a step, or the literal that one is made of, has something in the place of a function. */
export function checkCallable(step: Partial<Record<(typeof CALLED)[number], unknown>>, name: string): void {
  for (const what of CALLED) {
    const found: unknown = step[what];
    if (typeof found === 'function' || (found === undefined && what !== 'execute')) continue;
    throw invalidStep(
      `The ${what} of the step '${String(name)}' is ${found === null ? 'null' : `of type ${typeof found}`}, not a function.`,
    );
  }
}

const CALLED = ['execute', 'canSkip', 'rollback'] as const;

/** @throws StepUsageError for anything that no copy of this package calls a step. */
export function checkIsStep(step: unknown): void {
  if (BaseStep.is(step)) return;
  const found = typeof step === 'object' && step !== null ? `an instance of ${classNameOf(step)}` : String(step);
  throw invalidStep(`Expected a step (a BaseStep, or defineStep({…})), got ${found}.`);
}

/** How people know a class: by its name. */
export function classNameOf(value: object): string {
  return (value.constructor as { name: string } | undefined)?.name ?? 'Object';
}

/** The fields of a step may be getters of somebody else, and those may throw. */
function read(step: BaseStep<never>): Pick<BaseStep, 'name' | 'children' | 'progressWeight'> {
  let name: string | undefined;
  try {
    name = step.name;
    return { name, children: step.children, progressWeight: step.progressWeight };
  } catch (error) {
    const which = name === undefined ? `name of the ${classNameOf(step)}` : `declarations of the step '${name}'`;
    throw invalidStep(`The ${which} cannot be read: ${errorMessage(error)}.`);
  }
}

function invalidStep(message: string): StepUsageError {
  return new StepUsageError('invalid_step', message);
}
