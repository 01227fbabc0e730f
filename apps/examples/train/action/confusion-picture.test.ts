import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { expect, it, onTestFinished } from 'vitest';
import { writeConfusionPicture } from './confusion-picture.js';

it('draws what is right in blue and what is wrong in red, the more the darker, and nothing where nothing was', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'confusion-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'confusion.png');
  const confusion = [
    [9, 1],
    [0, 10],
  ];
  await writeConfusionPicture(file, { confusion, classes: ['cat', 'dog'] });
  const { width, height, channels, data } = decode(await readFile(file));
  expect({ width, height, channels }).toEqual({ width: 96, height: 96, channels: 3 });
  /** The colour in the corner of a cell, where no figure is written. */
  const cell = (row: number, column: number) => {
    const start = (row * 32 * width + column * 32) * 3;
    return Array.from(data.slice(start, start + 3));
  };
  expect(cell(2, 2)).toEqual([40, 110, 200]);
  expect(cell(1, 1)).toEqual([62, 125, 206]);
  expect(cell(1, 2)).toEqual([248, 224, 223]);
  expect(cell(2, 1)).toEqual([255, 255, 255]);
});
