import { expect, it } from 'vitest';
import { unsafeNumberPointer } from './unsafe-number-pointer.js';

it('finds the first number that does not travel, and passes over those that do', () => {
  expect(unsafeNumberPointer({ a: [1, 1e300, 2 ** 53 - 1, { 'x/y~': 2 ** 60 }], b: Infinity })).toBe('/a/3/x~1y~0');
  expect(unsafeNumberPointer([-(2 ** 53)])).toBe('/0');
  expect(unsafeNumberPointer(JSON.parse('{"deep":{"far":1e400}}'))).toBe('/deep/far');
  expect(unsafeNumberPointer({ a: '9007199254740993', b: null, c: 0.5 })).toBeUndefined();
});
