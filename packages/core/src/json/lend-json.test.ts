import { expect, it } from 'vitest';
import { rawBytes } from './json-tags.js';
import { encodeJson } from './json-value.js';
import { lendJson } from './lend-json.js';

it('writes the same as encodeJson, and copies neither what is JSON already nor many bytes', () => {
  const rows = [{ id: 1, name: 'a' }];
  expect(lendJson(rows, 'rows')).toBe(rows);
  const bytes = new Uint8Array(20_000).fill(7);
  const value = { bytes, big: 2n ** 64n, $int: 1, at: new Date(0) };
  const lent = lendJson(value, 'value') as { bytes: object };
  expect(JSON.stringify(lent)).toBe(JSON.stringify(encodeJson(value, 'value')));
  expect(rawBytes(lent.bytes)).toBe(bytes);
  expect(rawBytes((encodeJson(value, 'value') as { bytes: object }).bytes)).not.toBe(bytes);
  expect(() => lendJson([Number.NaN], 'value')).toThrow('value cannot be written as JSON: NaN at /0.');
});
