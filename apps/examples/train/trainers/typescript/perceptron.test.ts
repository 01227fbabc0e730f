import { expect, it } from 'vitest';
import { seededRandom } from '../../../penguins/steps/seeded-random.js';
import { Perceptron, type Sample } from './perceptron.js';

const sizes = { inputs: 2, hidden: 8, classes: 2 };

/** What no model without a hidden layer can learn: whether exactly one of two is on. */
const samples: readonly Sample[] = [
  { input: Float64Array.of(0, 0), target: 0 },
  { input: Float64Array.of(0, 1), target: 1 },
  { input: Float64Array.of(1, 0), target: 1 },
  { input: Float64Array.of(1, 1), target: 0 },
];

it('learns, is as sure as its loss says, and is the same model with the same weights', () => {
  const model = new Perceptron(sizes, seededRandom(1));
  const before = samples.map((sample) => model.loss(sample));
  for (let round = 0; round < 2000; round += 1) for (const sample of samples) model.learn(sample);
  const after = samples.map((sample) => model.loss(sample));
  for (const [index, { input, target }] of samples.entries()) {
    const likely = model.predict(input);
    expect(likely[target]).toBeGreaterThan(0.9);
    expect(Math.exp(-(after[index] ?? 0))).toBeCloseTo(likely[target] ?? 0);
    expect((likely[0] ?? 0) + (likely[1] ?? 0)).toBeCloseTo(1);
  }
  expect(Math.max(...after)).toBeLessThan(Math.min(...before));

  const other = new Perceptron(sizes, seededRandom(2));
  other.load(model.toJSON());
  expect(samples.map((sample) => other.loss(sample))).toEqual(after);
});

it('goes down the slope: a step of learning changes each weight by what the loss says of it', () => {
  const [sample] = samples.slice(1);
  if (sample === undefined) throw new Error('There is no sample.');
  const model = new Perceptron(sizes, seededRandom(3));
  const weights = model.toJSON();
  model.learn(sample);
  const changed = model.toJSON();
  for (const layer of ['hidden', 'output'] as const) {
    for (const [index, weight] of weights[layer].entries()) {
      const slope = (lossWith(weight + STEP) - lossWith(weight - STEP)) / (2 * STEP);
      expect((changed[layer][index] ?? 0) - weight).toBeCloseTo(-slope * RATE, 8);
      function lossWith(value: number): number {
        const moved = new Perceptron(sizes, seededRandom(3));
        moved.load({ ...weights, [layer]: weights[layer].with(index, value) });
        return moved.loss(sample as Sample);
      }
    }
  }
});

const STEP = 1e-5;
/** The learning rate, less what momentum adds later. */
const RATE = 0.001;
