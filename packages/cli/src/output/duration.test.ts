import { expect, it } from 'vitest';
import { formatDuration, formatRemaining } from './duration.js';

it.each([
  [0, '0 ms'],
  [8.4, '8 ms'],
  [310, '0.31 s'],
  [9994, '9.99 s'],
  [9996, '10.0 s'],
  [59_940, '59.9 s'],
  [59_960, '1m 00s'],
  [72_000, '1m 12s'],
  [3_599_000, '59m 59s'],
  [7_380_000, '2h 03m'],
])('writes %d ms as %s', (milliseconds, text) => {
  expect(formatDuration(milliseconds)).toBe(text);
});

it('says of remaining time no more than can be known', () => {
  expect(formatRemaining(200)).toBe('1 s');
  expect(formatRemaining(12_400)).toBe('12 s');
  expect(formatRemaining(72_400)).toBe('1m 12s');
});
