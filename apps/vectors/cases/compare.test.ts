import { expect, it } from 'vitest';
import { firstDifference } from './compare.js';

it('agrees about equal values, whatever the order of their keys', () => {
  expect(firstDifference({ a: [1, { b: null }], c: 25 }, { c: 25.0, a: [1, { b: null }] })).toBeUndefined();
});

it('says where two values part, also for what is missing or too much', () => {
  expect(firstDifference({ a: [1, 2] }, { a: [1, 3] })).toBe('/a/1: expected 2, found 3');
  expect(firstDifference({ a: [1] }, { a: [1, 2] })).toBe('/a/1: expected nothing, found 2');
  expect(firstDifference({ a: 1 }, {})).toBe('/a: expected 1, found nothing');
  expect(firstDifference({}, { constructor: 1 })).toBe('/constructor: expected nothing, found 1');
});

it('lets placeholders stand for a time, for any text, and for words of Python within one', () => {
  expect(firstDifference('<clock>', '2026-02-17T10:00:00.123Z')).toBeUndefined();
  expect(firstDifference('<clock>', '2026-02-17T10:00:00')).toContain('expected');
  expect(firstDifference('<text>', 'whatever')).toBeUndefined();
  expect(firstDifference("Step 'a' failed: <python>", "Step 'a' failed: it (really) did")).toBeUndefined();
  expect(firstDifference("Step 'a' failed: <python>", "Step 'b' failed: it did")).toContain('expected');
});

it('compares errors of the SDK in full, and of others only that one came', () => {
  const raised = (type: string, message: string): object => ({ raised: { type, message, chained: false } });
  expect(firstDifference(raised('KeyError', 'x'), raised('Error', 'y'))).toBeUndefined();
  expect(firstDifference(raised('ValueError', 'x'), raised('ValueError', 'y'))).toContain('/raised/message');
  expect(firstDifference(raised('KeyError', 'x'), null)).toContain('expected');
});
