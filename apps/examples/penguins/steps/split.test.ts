import { describe, expect, it } from 'vitest';
import type { Example } from '../classifier/model.js';
import { runSteps } from '../test/run-steps.js';
import { LoadStep } from './load.js';
import { SplitStep } from './split.js';
import { ValidateStep } from './validate.js';

async function split(seed: number) {
  const { context } = await runSteps([new LoadStep(), new ValidateStep(), new SplitStep()], { seed });
  return context;
}

function share(examples: readonly Example[], label: string): number {
  return examples.filter((example) => example.label === label).length / examples.length;
}

describe('split', () => {
  it('holds out a fifth, and no penguin is on both sides or lost', async () => {
    const { penguins, training, testing } = await split(42);
    expect(testing).toHaveLength(67);
    expect(training).toHaveLength(266);
    const measured = penguins.map((penguin) => [penguin.species, penguin.bill_length_mm, penguin.body_mass_g].join());
    const splitted = [...training, ...testing].map(({ label, features }) => [label, features[0], features[3]].join());
    expect(splitted.toSorted()).toEqual(measured.toSorted());
  });

  it('keeps the shares of the species', async () => {
    const { training, testing } = await split(42);
    for (const label of ['Adelie', 'Chinstrap', 'Gentoo']) {
      expect(Math.abs(share(training, label) - share(testing, label))).toBeLessThan(0.01);
    }
  });

  it('gives the same split for the same seed, and another for another', async () => {
    const [first, again, other] = await Promise.all([split(42), split(42), split(43)]);
    expect(again.testing).toEqual(first.testing);
    expect(again.training).toEqual(first.training);
    expect(other.testing).not.toEqual(first.testing);
  });
});
