// Trains a multilayer perceptron in plain TypeScript.
// Runs alone, too: npx tsx apps/examples/train/trainers/typescript/train-digits.ts CLASSES_TXT OUTPUT
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { seededRandom } from '../../../penguins/steps/seeded-random.js';
import { Perceptron, type Sample } from './perceptron.js';
import { readSplit, SIDE } from './read-split.js';

export interface TrainDigitsOptions {
  /** The folder that the weights are written to. */
  readonly output: string;
  readonly epochs: number;
  readonly onEpoch: (epoch: number, metrics: { readonly loss: number; readonly accuracy: number }) => void;
  readonly signal?: AbortSignal;
}

/** How the model does with the split `test`, which it has not seen. */
export interface TrainedDigits {
  readonly accuracy: number;
  /** A row for each class: as what its pictures were taken. */
  readonly confusion: readonly (readonly number[])[];
  readonly classes: readonly string[];
}

const SEED = 42;
const HIDDEN = 32;

/** Learns from the split `train` of an image folder; a tenth of it is kept back to see how it goes. */
export async function trainDigits(
  classesFile: string,
  { output, epochs, onEpoch, signal }: TrainDigitsOptions,
): Promise<TrainedDigits> {
  const classes = (await readFile(classesFile, 'utf8')).split('\n').filter((name) => name !== '');
  const folder = dirname(classesFile);
  const random = seededRandom(SEED);
  const samples = shuffled(await readSplit(join(folder, 'train'), classes), random);
  const check = samples.splice(0, Math.floor(samples.length / 10));
  const model = new Perceptron({ inputs: SIDE * SIDE, hidden: HIDDEN, classes: classes.length }, random);
  for (let epoch = 1; epoch <= epochs; epoch += 1) {
    const losses = shuffled(samples, random).map((sample) => model.learn(sample));
    onEpoch(epoch, { loss: mean(losses), accuracy: mean(check.map((sample) => Number(isRight(model, sample)))) });
    await setImmediate(undefined, signal && { signal }); // so that a cancel can come in
  }
  const result = { ...evaluate(model, await readSplit(join(folder, 'test'), classes), classes), classes };
  await mkdir(output, { recursive: true });
  await writeFile(join(output, 'model.json'), JSON.stringify({ library: 'none', ...result, weights: model }));
  return result;
}

function evaluate(model: Perceptron, samples: readonly Sample[], classes: readonly string[]) {
  const confusion = classes.map(() => classes.map(() => 0));
  for (const { input, target } of samples) {
    const row = confusion[target] ?? [];
    const taken = likeliest(model.predict(input));
    row[taken] = (row[taken] ?? 0) + 1;
  }
  return { accuracy: mean(samples.map((sample) => Number(isRight(model, sample)))), confusion };
}

function isRight(model: Perceptron, { input, target }: Sample): boolean {
  return likeliest(model.predict(input)) === target;
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

const [program = '', classesFile, output] = process.argv.slice(1);
if (import.meta.url === pathToFileURL(program).href && classesFile !== undefined && output !== undefined) {
  const onEpoch = (epoch: number, metrics: object): void => console.log(epoch, JSON.stringify(metrics));
  const { accuracy } = await trainDigits(classesFile, { output, epochs: 15, onEpoch });
  console.log('accuracy', accuracy);
}
