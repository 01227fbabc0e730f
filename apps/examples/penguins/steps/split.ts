import { BaseStep, StepResult } from '@synapse-steps/core';
import type { Example } from '../classifier/model.js';
import type { PenguinContext } from '../context.js';
import { measurements, type Penguin } from '../penguin.js';
import { seededRandom } from './seeded-random.js';

const heldOut = 0.2;

/** Holds out a fifth of each species for the test. The same seed always holds out the same penguins. */
export class SplitStep extends BaseStep<PenguinContext> {
  readonly name = 'split';
  readonly progressWeight = 0.05;

  execute(context: PenguinContext) {
    const random = seededRandom(context.settings.seed);
    context.training = [];
    context.testing = [];
    for (const examples of bySpecies(context.penguins)) {
      const shuffled = shuffle(examples, random);
      const count = Math.round(shuffled.length * heldOut);
      context.testing.push(...shuffled.slice(0, count));
      context.training.push(...shuffled.slice(count));
    }
    return StepResult.ok({ data: { training: context.training.length, testing: context.testing.length } });
  }
}

function bySpecies(penguins: readonly Penguin[]): Example[][] {
  const groups = new Map<string, Example[]>();
  for (const penguin of penguins) {
    const group = groups.get(penguin.species) ?? [];
    group.push({ label: penguin.species, features: measurements.map((name) => penguin[name]) });
    groups.set(penguin.species, group);
  }
  return [...groups.values()];
}

/** Each example draws a number, and the numbers give the order. */
function shuffle(examples: readonly Example[], random: () => number): Example[] {
  const drawn = examples.map((example) => ({ example, number: random() }));
  return drawn.toSorted((a, b) => a.number - b.number).map(({ example }) => example);
}
