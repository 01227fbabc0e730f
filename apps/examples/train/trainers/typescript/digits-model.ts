import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { seededRandom } from '../../../penguins/steps/seeded-random.js';
import { Perceptron, type Sample } from './perceptron.js';
import { readSplit, SIDE } from './read-split.js';

/** What an epoch came to: the loss with what was learned from, the others with what was kept back. */
export interface EpochMetrics {
  readonly [name: string]: number;
  readonly loss: number;
  readonly validation_loss: number;
  readonly accuracy: number;
}

/** How a model does with the split `test`, which it has not seen. */
export interface Evaluation {
  readonly accuracy: number;
  /** A row for each class: as what its pictures were taken. */
  readonly confusion: readonly (readonly number[])[];
  readonly classes: readonly string[];
}

const SEED = 42;
const HIDDEN = 64;
const FILE = 'model.json';

const fileSchema = z.object({ weights: z.object({ hidden: z.array(z.number()), output: z.array(z.number()) }) });

/** A multilayer perceptron that reads digits, and the image folder that it learns from. */
export class DigitsModel {
  readonly #random = seededRandom(SEED);
  readonly #folder: string;
  readonly #classes: readonly string[];
  readonly #perceptron: Perceptron;

  private constructor(folder: string, classes: readonly string[]) {
    this.#folder = folder;
    this.#classes = classes;
    const sizes = { inputs: SIDE * SIDE, hidden: HIDDEN, classes: classes.length };
    this.#perceptron = new Perceptron(sizes, this.#random);
  }

  /** @param classesFile The file of an image folder that names its classes; the splits lie beside it. */
  static async over(classesFile: string): Promise<DigitsModel> {
    const classes = (await readFile(classesFile, 'utf8')).split('\n').filter((name) => name !== '');
    return new DigitsModel(dirname(classesFile), classes);
  }

  /** Learns from the split `train`, of which a tenth is kept back; after each epoch says how that tenth is taken. */
  async *epochs(first: number, last: number): AsyncGenerator<{ epoch: number; metrics: EpochMetrics }, void> {
    const samples = shuffled(await readSplit(join(this.#folder, 'train'), this.#classes), seededRandom(SEED));
    const check = samples.splice(0, Math.floor(samples.length / 10));
    for (let epoch = first; epoch <= last; epoch += 1) {
      const losses = shuffled(samples, this.#random).map((sample) => this.#perceptron.learn(sample));
      yield {
        epoch,
        metrics: { loss: mean(losses), validation_loss: this.#loss(check), accuracy: this.#accuracy(check) },
      };
    }
  }

  async evaluate(): Promise<Evaluation> {
    const classes = this.#classes;
    const samples = await readSplit(join(this.#folder, 'test'), classes);
    const confusion = classes.map(() => classes.map(() => 0));
    for (const { input, target } of samples) {
      const row = confusion[target] ?? [];
      const taken = likeliest(this.#perceptron.predict(input));
      row[taken] = (row[taken] ?? 0) + 1;
    }
    return { accuracy: this.#accuracy(samples), confusion, classes };
  }

  async load(folder: string): Promise<void> {
    this.#perceptron.load(fileSchema.parse(JSON.parse(await readFile(join(folder, FILE), 'utf8'))).weights);
  }

  /** Writes the weights, and what they are. */
  async save(folder: string, about: object): Promise<void> {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, FILE), JSON.stringify({ ...about, weights: this.#perceptron }));
  }

  #loss(samples: readonly Sample[]): number {
    return mean(samples.map((sample) => this.#perceptron.loss(sample)));
  }

  #accuracy(samples: readonly Sample[]): number {
    return mean(samples.map(({ input, target }) => (likeliest(this.#perceptron.predict(input)) === target ? 1 : 0)));
  }
}

function likeliest(probabilities: Float64Array): number {
  return probabilities.indexOf(Math.max(...probabilities));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const keyed = items.map((item) => ({ item, key: random() }));
  return keyed.toSorted((a, b) => a.key - b.key).map(({ item }) => item);
}
