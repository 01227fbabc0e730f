import fc from 'fast-check';
import { expect, it } from 'vitest';
import { roundHalfEven, secondsBetween } from './round-half-even.js';

it('rounds exact halves to the even digit and everything else to the nearest', () => {
  expect([3.125, 9.375, 0.625, 0.125, 2.5, 1.5].map((value) => roundHalfEven(value, 2))).toEqual([
    3.12, 9.38, 0.62, 0.12, 2.5, 1.5,
  ]);
  expect([0.5, 1.5, 2.5].map((value) => roundHalfEven(value, 0))).toEqual([0, 2, 2]);
  expect(roundHalfEven(1.005, 2)).toBe(1); // the binary value lies below the half
  expect(roundHalfEven(-3.125, 2)).toBe(-3.12);
});

it('never moves a value by more than half a digit', () => {
  fc.assert(
    fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.integer({ min: 0, max: 6 }), (value, digits) => {
      expect(Math.abs(roundHalfEven(value, digits) - value)).toBeLessThanOrEqual(0.5 * 10 ** -digits * (1 + 1e-9));
    }),
  );
});

it('takes the difference of two readings as a clock in seconds would show it', () => {
  expect(secondsBetween(1_000_000, 1_001_234.5)).toBe(1001.2345 - 1000);
});
