import { BaseStep, StepResult, type BaseStepContext } from '@synapse-steps/core';
import type { OwnStepOptions } from '../cases/action-vector.js';

/** A step that a vector describes: it succeeds, fails or throws, and may set fields of the context. */
export class OwnStep<TContext extends BaseStepContext> extends BaseStep<TContext> {
  readonly name: string;
  readonly progressWeight: number;
  readonly #options: OwnStepOptions;

  /** @param options their `proportion` is a second number for the share, which ours does not have */
  constructor(name: string, options: OwnStepOptions) {
    super();
    this.name = name;
    this.progressWeight = options.weight ?? 0.1;
    this.#options = options;
  }

  override canSkip(): boolean {
    return this.#options.skip ?? false;
  }

  execute(context: TContext): StepResult {
    const { set = {}, data = {}, raise, fail } = this.#options;
    for (const [field, value] of Object.entries(set)) Object.assign(context, { [camelCase(field)]: value });
    if (raise !== undefined) throw new Error(raise);
    return fail === undefined ? StepResult.ok({ data: { ...data } }) : StepResult.fail(fail);
  }
}

function camelCase(name: string): string {
  return name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** @throws Error that names options of steps that the vector does not list */
export function refuseUnusedOptions(options: object, steps: readonly string[]): void {
  const unused = Object.keys(options).filter((name) => !steps.includes(name));
  if (unused.length > 0) throw new Error(`There are options for steps that are not in the list: ${unused.join(', ')}.`);
}
