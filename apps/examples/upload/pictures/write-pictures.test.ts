import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { expect, it, onTestFinished } from 'vitest';
import { readDigits } from './read-digits.js';
import { writePictures } from './write-pictures.js';

it('writes pictures that any reader of PNG sees as the digits of the data set, and a row for each', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pictures-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const digits = (await readDigits()).slice(0, 3);
  await writePictures(folder, digits, 7);

  expect(await readdir(join(folder, 'image'))).toEqual(['digit-0007.png', 'digit-0008.png', 'digit-0009.png']);
  const picture = decode(await readFile(join(folder, 'image/digit-0007.png')));
  expect(picture).toMatchObject({ width: 32, height: 32, channels: 1, depth: 8 });
  const upperLeft = Array.from({ length: 64 }, (_, at) => picture.data[Math.floor(at / 8) * 4 * 32 + (at % 8) * 4]);
  expect(upperLeft).toEqual(digits[0]?.ink.map((ink) => 255 - Math.round((255 * ink) / 16)));
  expect((await readFile(join(folder, 'meta.csv'), 'utf8')).split('\n').slice(0, 2)).toEqual([
    'file_name,digit,ink',
    'digit-0007.png,0,0.287',
  ]);
});

it('knows 1797 digits, no two of them alike', async () => {
  const digits = await readDigits();
  expect(digits).toHaveLength(1797);
  expect(new Set(digits.map(({ ink }) => ink.join())).size).toBe(1797);
});
