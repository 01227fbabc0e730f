import type { BaseStepContext } from '../context/base-step-context.js';
import { percentShares } from '../loggers/percent-shares.js';
import { compensatedSum } from '../progress/compensated-sum.js';
import type { BaseStep } from '../step/base-step.js';
import { checkStep, classNameOf } from '../step/check-step.js';
import { StepUsageError } from '../step/step-error.js';
import { didYouMean } from '../words/closest-first.js';

/**
 * The ordered list of the steps of one workflow. Names are unique; a look-up of a name that is not there is an error that
 * lists those that are.
 */
export class StepRegistry<TContext extends BaseStepContext = BaseStepContext> implements Iterable<BaseStep<TContext>> {
  readonly #steps: BaseStep<TContext>[] = [];
  readonly #names = new Set<string>();
  #proportions: Readonly<Record<string, number>> = {};

  /** Appends a step. @throws StepUsageError when it is no step, its weight is no number ≥ 0, or its name is taken. */
  register(step: BaseStep<TContext>): this {
    return this.#insert(this.#steps.length, step);
  }

  insertBefore(name: string, step: BaseStep<TContext>): this {
    return this.#insert(this.#indexOf(name), step);
  }

  insertAfter(name: string, step: BaseStep<TContext>): this {
    return this.#insert(this.#indexOf(name) + 1, step);
  }

  /** Puts `step` in the place of the one named `name`; it may have another name. */
  replace(name: string, step: BaseStep<TContext>): this {
    const index = this.#indexOf(name);
    checkStep(step);
    if (step.name !== name) this.#checkUnique(step);
    this.#names.delete(name);
    this.#names.add(step.name);
    this.#steps[index] = step;
    return this;
  }

  unregister(name: string): this {
    this.#steps.splice(this.#indexOf(name), 1);
    this.#names.delete(name);
    return this;
  }

  get(name: string): BaseStep<TContext> {
    const step = this.#steps[this.#indexOf(name)];
    if (step === undefined) throw this.#unknown(name);
    return step;
  }

  has(name: string): boolean {
    return this.#names.has(name);
  }

  /** The steps in order; a copy. */
  getSteps(): BaseStep<TContext>[] {
    return [...this.#steps];
  }

  get size(): number {
    return this.#steps.length;
  }

  /** The exact sum of the weights, rounded once: ten times 0.1 is 1. */
  get totalWeight(): number {
    return compensatedSum(this.#steps.map((step) => step.progressWeight));
  }

  /** What part of the whole each step is by its weight: percent, two decimals. Nothing when all weights are 0. */
  shares(): Record<string, number> {
    return percentShares(this.#steps.map(({ name, progressWeight }) => ({ name, weight: progressWeight })));
  }

  /** The shares of a backend job's progress that {@link setProportions} was given, by step. */
  get proportions(): Readonly<Record<string, number>> {
    return this.#proportions;
  }

  /**
   * Says how much of a backend job's progress each step is, by name. A step that is not named is shown, and moves nothing.
   * Default: the weights say it.
   *
   * @throws StepUsageError when one is no number ≥ 0.
   */
  setProportions(proportions: Readonly<Record<string, number>>): this {
    for (const [name, share] of Object.entries(proportions)) {
      if (Number.isFinite(share) && share >= 0) continue;
      throw new StepUsageError(
        'invalid_proportion',
        `The proportion of the step '${name}' is ${String(share)}. It must be a number of 0 or more.`,
      );
    }
    this.#proportions = { ...proportions };
    return this;
  }

  [Symbol.iterator](): Iterator<BaseStep<TContext>> {
    return this.getSteps()[Symbol.iterator]();
  }

  #insert(index: number, step: BaseStep<TContext>): this {
    checkStep(step);
    this.#checkUnique(step);
    if (index === this.#steps.length) this.#steps.push(step);
    else this.#steps.splice(index, 0, step);
    this.#names.add(step.name);
    return this;
  }

  #indexOf(name: string): number {
    const index = this.#names.has(name) ? this.#steps.findIndex((step) => step.name === name) : -1;
    if (index < 0) throw this.#unknown(name);
    return index;
  }

  #checkUnique(step: BaseStep<TContext>): void {
    if (!this.#names.has(step.name)) return;
    const [first, second] = [this.get(step.name), step].map(classNameOf);
    throw new StepUsageError(
      'duplicate_step',
      `Two steps are named '${step.name}' (${first} and ${second}). Give one of them another name.`,
    );
  }

  #unknown(name: string): StepUsageError {
    const names = this.#steps.map((step) => step.name);
    const hint = didYouMean(name, names);
    const known = names.join(', ') || 'none';
    return new StepUsageError('unknown_step', `There is no step named '${name}'. ${hint}Registered: ${known}.`);
  }
}
