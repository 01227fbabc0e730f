// The same arithmetic, in the same order, as plugins/logistic_regression.py: what is changed here is changed there.
import type { Evaluation, Example, Model } from './model.js';

/** A model that knows nothing yet: all weights are 0. The features' means and scales are those of the examples. */
export function newModel(examples: readonly Example[]): Model {
  const classes = [...new Set(examples.map(({ label }) => label))].toSorted();
  const columns = (examples[0]?.features ?? []).map((_, column) =>
    examples.map(({ features }) => at(features, column)),
  );
  const mean = columns.map((column) => sum(column) / column.length);
  const scale = columns.map((column, index) => deviation(column, at(mean, index)));
  const weights = classes.map(() => columns.map(() => 0));
  return { classes, mean, scale, weights, bias: classes.map(() => 0) };
}

/** One step of gradient descent over all examples. Changes the model; returns the mean loss before the change. */
export function trainEpoch(model: Model, examples: readonly Example[], rate: number): number {
  const gradient = model.weights.map((row) => row.map(() => 0));
  const biasGradient = model.bias.map(() => 0);
  let loss = 0;
  for (const { label, features } of examples) {
    const inputs = standardise(model, features);
    const chances = chancesOf(model, inputs);
    const truth = model.classes.indexOf(label);
    loss -= Math.log(at(chances, truth));
    for (const [index, chance] of chances.entries()) {
      const error = chance - (index === truth ? 1 : 0);
      biasGradient[index] = at(biasGradient, index) + error;
      addScaled(at(gradient, index), error, inputs);
    }
  }
  const step = -rate / examples.length;
  for (const [index, row] of gradient.entries()) addScaled(at(model.weights, index), step, row);
  addScaled(model.bias, step, biasGradient);
  return loss / examples.length;
}

/** Compares what the model says with what is true. */
export function evaluate(model: Model, examples: readonly Example[]): Evaluation {
  const { classes } = model;
  const confusion = classes.map(() => classes.map(() => 0));
  for (const { label, features } of examples) {
    const row = at(confusion, classes.indexOf(label));
    const column = classes.indexOf(predict(model, features));
    row[column] = at(row, column) + 1;
  }
  const right = sum(confusion.map((row, index) => at(row, index)));
  return { accuracy: right / examples.length, classes, confusion };
}

/** The class that the model thinks likeliest. */
function predict(model: Model, features: readonly number[]): string {
  const chances = chancesOf(model, standardise(model, features));
  return at(model.classes, chances.indexOf(Math.max(...chances)));
}

function standardise({ mean, scale }: Model, features: readonly number[]): number[] {
  return features.map((value, index) => (value - at(mean, index)) / at(scale, index));
}

function chancesOf({ weights, bias }: Model, inputs: readonly number[]): number[] {
  const scores = weights.map((row, index) => at(bias, index) + sum(row.map((weight, i) => weight * at(inputs, i))));
  const highest = Math.max(...scores); // taken off, so that exp() cannot overflow
  const powers = scores.map((score) => Math.exp(score - highest));
  const total = sum(powers);
  return powers.map((power) => power / total);
}

function deviation(column: readonly number[], mean: number): number {
  return Math.sqrt(sum(column.map((value) => (value - mean) * (value - mean))) / column.length) || 1;
}

function addScaled(target: number[], factor: number, values: readonly number[]): void {
  for (const [index, value] of values.entries()) target[index] = at(target, index) + factor * value;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function at<T>(values: readonly T[], index: number): T {
  const value = values[index];
  if (value === undefined) throw new RangeError(`There is no value number ${index} among ${values.length}.`);
  return value;
}
