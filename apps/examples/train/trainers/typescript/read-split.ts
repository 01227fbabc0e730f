import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decode } from 'fast-png';
import type { Sample } from './perceptron.js';

/** What a picture is reduced to, in each direction. */
export const SIDE = 8;

/**
 * The pictures of one split of an image folder: `<folder>/<class>/*.png`. Their order is by content: what they are called
 * depends on where they were downloaded from, and the same pictures shall lead to the same model.
 *
 * @throws Error if there is none
 */
export async function readSplit(folder: string, classes: readonly string[]): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (const [target, name] of classes.entries()) {
    const files = (await readdir(join(folder, name))).filter((file) => file.endsWith('.png'));
    const contents = await Promise.all(files.map((file) => readFile(join(folder, name, file))));
    for (const png of contents.toSorted((one, other) => Buffer.compare(one, other)))
      samples.push({ input: inkOf(png), target });
  }
  if (samples.length === 0) throw new Error(`There is no picture in ${folder}.`);
  return samples;
}

/** A grey picture as 8 × 8 means from 0 (white) to 1 (black), row by row. */
function inkOf(png: Buffer): Float64Array {
  const { data, width, height, channels, depth } = decode(png);
  const white = 2 ** depth - 1;
  const perCell = (width / SIDE) * (height / SIDE);
  const ink = new Float64Array(SIDE * SIDE);
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    const row = Math.floor((Math.floor(pixel / width) * SIDE) / height);
    const column = Math.floor(((pixel % width) * SIDE) / width);
    const cell = row * SIDE + column;
    ink[cell] = (ink[cell] ?? 0) + (1 - (data[pixel * channels] ?? 0) / white) / perCell;
  }
  return ink;
}
