import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

/** One handwritten digit. */
export interface Digit {
  /** 8 × 8 values from 0 (paper) to 16 (ink), row by row. */
  readonly ink: readonly number[];
  /** 0 … 9. */
  readonly digit: number;
}

export const SIDE = 8;
export const MOST_INK = 16;

const data = fileURLToPath(new URL('../../../../test-fixtures/data/digits/digits.csv.gz', import.meta.url));

/** All digits of the data set, in its order. @throws Error that names the line that is none. */
export async function readDigits(): Promise<readonly Digit[]> {
  const text = gunzipSync(await readFile(data)).toString('utf8');
  return text.trim().split('\n').map(parseDigit);
}

function parseDigit(line: string, index: number): Digit {
  const numbers = line.split(',').map(Number);
  const ink = numbers.slice(0, -1);
  const digit = numbers.at(-1) ?? Number.NaN;
  const isInk = (value: number): boolean => value >= 0 && value <= MOST_INK;
  if (ink.length !== SIDE * SIDE || !ink.every(isInk) || !(digit >= 0 && digit <= 9)) {
    throw new Error(`Line ${index + 1} of ${data} is no digit: 64 values from 0 to ${MOST_INK} and one from 0 to 9.`);
  }
  return { ink, digit };
}
