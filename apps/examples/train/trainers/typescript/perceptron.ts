// A multilayer perceptron with one hidden layer, by hand: rectified units, softmax at the end, gradient descent with momentum.

/** One picture: what is seen, and the number of its class. */
export interface Sample {
  readonly input: Float64Array;
  readonly target: number;
}

export interface PerceptronSizes {
  readonly inputs: number;
  readonly hidden: number;
  readonly classes: number;
}

/** The weights of both layers, row by row. */
export interface PerceptronWeights {
  readonly hidden: readonly number[];
  readonly output: readonly number[];
}

interface Layer {
  readonly inputs: number;
  readonly outputs: number;
  /** Row by row, a row for each output; the last of a row is its bias. */
  readonly weights: Float64Array;
  readonly velocity: Float64Array;
}

const LEARNING_RATE = 0.01;
const MOMENTUM = 0.9;

export class Perceptron {
  readonly #hidden: Layer;
  readonly #output: Layer;

  /** @param random Gives the weights that learning begins with. */
  constructor({ inputs, hidden, classes }: PerceptronSizes, random: () => number) {
    this.#hidden = newLayer(inputs, hidden, random);
    this.#output = newLayer(hidden, classes, random);
  }

  /** Goes on from weights that were learned before. */
  load({ hidden, output }: PerceptronWeights): void {
    this.#hidden.weights.set(hidden);
    this.#output.weights.set(output);
  }

  /** How likely each class is. */
  predict(input: Float64Array): Float64Array {
    return softmax(forward(this.#output, rectified(forward(this.#hidden, input))));
  }

  /** How surprised the model is by what a sample is. */
  loss({ input, target }: Sample): number {
    return surprise(this.predict(input), target);
  }

  /** Learns from one sample. Returns its loss before that. */
  learn({ input, target }: Sample): number {
    const hidden = rectified(forward(this.#hidden, input));
    const error = softmax(forward(this.#output, hidden));
    const loss = surprise(error, target);
    error[target] = (error[target] ?? 0) - 1;
    const hiddenError = backward(this.#output, error).map((value, at) => ((hidden[at] ?? 0) > 0 ? value : 0));
    descend(this.#output, hidden, error);
    descend(this.#hidden, input, hiddenError);
    return loss;
  }

  toJSON(): PerceptronWeights {
    return { hidden: Array.from(this.#hidden.weights), output: Array.from(this.#output.weights) };
  }
}

function newLayer(inputs: number, outputs: number, random: () => number): Layer {
  const size = outputs * (inputs + 1);
  const spread = Math.sqrt(6 / (inputs + outputs));
  const weights = Float64Array.from({ length: size }, () => (2 * random() - 1) * spread);
  return { inputs, outputs, weights, velocity: new Float64Array(size) };
}

function forward({ inputs, outputs, weights }: Layer, input: Float64Array): Float64Array {
  const result = new Float64Array(outputs);
  for (let output = 0; output < outputs; output += 1) {
    const row = output * (inputs + 1);
    let sum = weights[row + inputs] ?? 0;
    for (let at = 0; at < inputs; at += 1) sum += (weights[row + at] ?? 0) * (input[at] ?? 0);
    result[output] = sum;
  }
  return result;
}

/** How much each input had to do with the error. */
function backward({ inputs, outputs, weights }: Layer, error: Float64Array): Float64Array {
  const result = new Float64Array(inputs);
  for (let output = 0; output < outputs; output += 1) {
    const row = output * (inputs + 1);
    for (let at = 0; at < inputs; at += 1)
      result[at] = (result[at] ?? 0) + (weights[row + at] ?? 0) * (error[output] ?? 0);
  }
  return result;
}

function descend({ inputs, outputs, weights, velocity }: Layer, input: Float64Array, error: Float64Array): void {
  for (let output = 0; output < outputs; output += 1) {
    const row = output * (inputs + 1);
    const step = LEARNING_RATE * (1 - MOMENTUM) * (error[output] ?? 0);
    for (let at = 0; at <= inputs; at += 1) {
      const change = MOMENTUM * (velocity[row + at] ?? 0) - step * (at === inputs ? 1 : (input[at] ?? 0));
      velocity[row + at] = change;
      weights[row + at] = (weights[row + at] ?? 0) + change;
    }
  }
}

function rectified(values: Float64Array): Float64Array {
  return values.map((value) => Math.max(0, value));
}

function surprise(probabilities: Float64Array, target: number): number {
  return -Math.log(Math.max(probabilities[target] ?? 0, Number.MIN_VALUE));
}

function softmax(values: Float64Array): Float64Array {
  const largest = Math.max(...values);
  const powers = values.map((value) => Math.exp(value - largest));
  const sum = powers.reduce((total, value) => total + value, 0);
  return powers.map((value) => value / sum);
}
