import { expect, it } from 'vitest';
import { median, summarize } from './statistics.js';

it('takes the middle value of an odd number of values, whatever their order', () => {
  expect(median([9, 1, 5])).toBe(5);
});

it('takes the mean of the two middle values of an even number', () => {
  expect(median([4, 1, 3, 100])).toBe(3.5);
});

it('sorts by size and not by text', () => {
  expect(median([100, 20, 3])).toBe(20);
});

it('refuses to make a figure of nothing', () => {
  expect(() => median([])).toThrow(RangeError);
  expect(() => summarize([])).toThrow(RangeError);
});

it('keeps the extremes beside the median', () => {
  expect(summarize([2, 8, 3])).toEqual({ median: 3, min: 2, max: 8 });
});
