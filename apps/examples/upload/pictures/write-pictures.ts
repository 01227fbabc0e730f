import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { MOST_INK, SIDE, type Digit } from './read-digits.js';

/** How many pixels of the picture one value becomes, in each direction. */
const ENLARGED = 4;

/**
 * Lays out a folder as an upload reads it: `image/digit-0001.png` …, a folder for the file specification `image`, and
 * `meta.csv` beside it with a row for each picture.
 *
 * @param first the number of the first picture
 */
export async function writePictures(folder: string, digits: readonly Digit[], first = 0): Promise<void> {
  await mkdir(join(folder, 'image'), { recursive: true });
  const rows = ['file_name,digit,ink'];
  for (const [index, digit] of digits.entries()) {
    const name = `digit-${String(first + index).padStart(4, '0')}.png`;
    await writeFile(join(folder, 'image', name), toPng(digit));
    rows.push([name, digit.digit, shareOfInk(digit).toFixed(3)].join(','));
  }
  await writeFile(join(folder, 'meta.csv'), `${rows.join('\n')}\n`);
}

function toPng({ ink }: Digit): Uint8Array {
  const width = SIDE * ENLARGED;
  const pixels = new Uint8Array(width * width);
  for (let pixel = 0; pixel < pixels.length; pixel += 1) {
    const row = Math.floor(pixel / width / ENLARGED);
    const column = Math.floor((pixel % width) / ENLARGED);
    pixels[pixel] = 255 - Math.round((255 * (ink[row * SIDE + column] ?? 0)) / MOST_INK);
  }
  return encode({ width, height: width, data: pixels, channels: 1, depth: 8 });
}

/** How much of the picture is black, 0 … 1. */
function shareOfInk({ ink }: Digit): number {
  return ink.reduce((sum, value) => sum + value, 0) / (ink.length * MOST_INK);
}
