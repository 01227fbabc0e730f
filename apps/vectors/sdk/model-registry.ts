import { didYouMean } from '@synapse-steps/core';

import { asList, asText, onlyItem } from '../cases/only-item.js';
import { stepSpecSchema, type Action, type Json } from '../cases/vector-file.js';
import { makeModelStep, type ModelPerform, type ModelStep } from './model-step.js';
import { PythonError } from './python-error.js';
import { pythonRound, pythonSum } from './python-text.js';
import type { World } from './world.js';

/** The SDK's StepRegistry. */
export class ModelRegistry {
  steps: readonly ModelStep[] = [];

  constructor(
    private readonly world: World,
    private readonly perform: ModelPerform,
  ) {}

  edit(op: Action): void {
    const [verb, given] = onlyItem(op);
    if (verb === 'register') this.register(given);
    else if (verb === 'unregister') this.#unregister(asText(given));
    else if (verb === 'insert_after' || verb === 'insert_before') {
      const [anchor, spec = null] = asList(given);
      const index = this.#indexOf(asText(anchor));
      this.#insert(verb === 'insert_after' ? index + 1 : index, spec);
    } else if (verb !== 'clear_returned_list') throw new Error(`Unknown registry operation '${verb}'.`);
  }

  register(spec: Json): void {
    this.#insert(this.steps.length, spec);
  }

  get totalWeight(): number {
    return pythonSum(this.steps.map(({ weight }) => weight));
  }

  /** Of equal names the last one with a share counts. */
  get shares(): Record<string, number> {
    if (!this.world.differs('weights-are-shares')) {
      return Object.fromEntries(
        this.steps.filter(({ proportion }) => proportion > 0).map(({ name, proportion }) => [name, proportion]),
      );
    }
    const total = this.totalWeight;
    if (!(total > 0)) return {};
    return Object.fromEntries(this.steps.map(({ name, weight }) => [name, pythonRound((weight / total) * 100, 2)]));
  }

  #insert(index: number, spec: Json): void {
    const step = makeModelStep(stepSpecSchema.parse(spec), this.world, this.perform);
    this.#check(step);
    this.steps = this.steps.toSpliced(index, 0, step);
  }

  #check({ name, className, weight }: ModelStep): void {
    if (this.world.differs('unique-names') && (name === '' || name.includes('/'))) {
      throw new PythonError(
        'ValueError',
        `The ${className} has the name ${JSON.stringify(name)}. A step's name is a text that is not empty and has no '/'.`,
      );
    }
    if (this.world.differs('checked-weights') && weight < 0) {
      throw new PythonError(
        'ValueError',
        `The step '${name}' has the weight ${weight}. A weight is a finite number, 0 or more.`,
      );
    }
    const other = this.steps.find((step) => step.name === name);
    if (other === undefined || !this.world.differs('unique-names')) return;
    throw new PythonError(
      'ValueError',
      `Two steps are named '${name}' (${other.className} and ${className}). Give one of them another name.`,
    );
  }

  #unregister(name: string): void {
    if (this.world.differs('known-names')) this.#indexOf(name, true);
    this.steps = this.steps.filter((step) => step.name !== name);
  }

  #indexOf(name: string, isOurs = false): number {
    const index = this.steps.findIndex((step) => step.name === name);
    if (index >= 0) return index;
    const names = this.steps.map((step) => step.name);
    const hint = didYouMean(name, names);
    const ours = `There is no step named '${name}'. ${hint}Registered: ${names.join(', ') || 'none'}.`;
    if (isOurs) throw new PythonError('ValueError', ours);
    throw this.world.refusal('ValueError', { sdk: `Step '${name}' not found`, ours });
  }
}
