import { expect, it } from 'vitest';

import { compensatedSum } from './compensated-sum.js';

it('keeps what rounding loses, also when a value is larger than the sum before it', () => {
  expect(compensatedSum(Array.from({ length: 10 }, () => 0.1))).toBe(1);
  expect(compensatedSum([1, 1e100, 1, -1e100])).toBe(2);
});

it('is 0 for nothing', () => {
  expect(compensatedSum([])).toBe(0);
});
