import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isPlainJson } from './is-plain-json.js';
import { encodeJson } from './json-value.js';

it('is what JSON.stringify writes as it is', () => {
  fc.assert(
    fc.property(
      fc.anything({ withDate: true, withBigInt: true, withTypedArray: true, withSparseArray: true }),
      (value) => {
        fc.pre(isPlainJson(value));
        expect(JSON.stringify(value)).toBe(JSON.stringify(encodeJson(value, 'it')));
      },
    ),
    { numRuns: 500 },
  );
});

it.each([
  [{ a: [1, 'x', null, true, { b: -0.5 }] }, true],
  [Object.assign(Object.create(null) as object, { a: 1 }), true],
  [[undefined], false],
  [{ a: undefined }, false],
  [{ a: Number.NaN }, false],
  [{ a: new Date(0) }, false],
  [{ a: new Map() }, false],
  [{ $int: '1' }, false],
  [{ constructor: 1 }, false],
  [{ toJSON: 1 }, false],
  [Object.assign([1], { toJSON: () => 2 }), false],
  [10n, false],
  [new Uint8Array(1), false],
])('case %#', (value, expected) => {
  expect(isPlainJson(value)).toBe(expected);
});

it('is nothing that holds itself', () => {
  const value: unknown[] = [];
  value.push(value);
  expect(isPlainJson(value)).toBe(false);
});
