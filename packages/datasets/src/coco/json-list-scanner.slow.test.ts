import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { JsonListScanner } from './json-list-scanner.js';
import { parseJsonItem } from './parse-json-item.js';

function itemsOf(text: string, chunkBytes: number): unknown[] {
  const items: unknown[] = [];
  const bytes = Buffer.from(text);
  const scanner = new JsonListScanner(['a', 'b'], (item) => {
    expect(bytes.subarray(item.offset, item.offset + item.bytes.length).equals(item.bytes)).toBe(true);
    items.push([item.list, JSON.parse(item.bytes.toString())]);
  });
  for (let at = 0; at < bytes.length; at += chunkBytes) scanner.write(bytes.subarray(at, at + chunkBytes));
  scanner.end();
  return items;
}

const spaces = fc.constantFrom(undefined, 1, '\t\n', '\r\n ');

describe('the scanner of lists', () => {
  it('finds each item of the lists it knows, wherever chunks end', () => {
    fc.assert(
      fc.property(
        fc.record({
          other: fc.jsonValue(),
          a: fc.array(fc.jsonValue()),
          '"\\': fc.string(),
          b: fc.array(fc.jsonValue()),
        }),
        fc.integer({ min: 1, max: 40 }),
        spaces,
        (value, chunkBytes, space) => {
          const text = JSON.stringify(value, null, space);
          const { a, b } = JSON.parse(text) as typeof value;
          expect(itemsOf(text, chunkBytes)).toEqual([...a.map((one) => ['a', one]), ...b.map((one) => ['b', one])]);
        },
      ),
    );
  });

  it('steps over a byte order mark', () => {
    expect(itemsOf('\uFEFF{"a":[1]}', 2)).toEqual([['a', 1]]);
    expect(itemsOf('\uFEFF{"a":[1]}', 99)).toEqual([['a', 1]]);
  });

  it.each([
    ['[1]', 'at byte 0: expected an object'],
    ['{"a": 1}', "at byte 6: expected 'a' to be a list"],
    ['{"a": [1 2]}', "at byte 9: expected ',' or ']'"],
    ['{"a": [1}', "at byte 8: expected ',' or ']'"],
    ['{"a": [,1]}', 'at byte 7: expected a value'],
    ['{"a": []} {', 'at byte 10: expected nothing more'],
    ['{"c": }', 'at byte 6: expected a value'],
    ['{c: 1}', 'at byte 1: expected a key'],
    ['{"a" []}', "at byte 5: expected ':'"],
    ['{"a": [{"b": [1, 2', 'the file ends in the middle of its JSON'],
    ['', 'the file ends in the middle of its JSON'],
  ])('refuses %s', (text, message) => {
    expect(() => itemsOf(text, 1000)).toThrow(message);
    expect(() => itemsOf(text, 1)).toThrow(message);
  });
});

describe('an item', () => {
  it('keeps every digit of a long id, and reads numbers that are none as nothing', () => {
    const text =
      '{"id": 9007199254740993, "n": -90071992547409931234, "x": NaN, "y": [-Infinity, 1.25e3], "s": "NaN 9007199254740993"}';
    expect(parseJsonItem(Buffer.from(text))).toEqual({
      id: '9007199254740993',
      n: '-90071992547409931234',
      x: null,
      y: [null, 1250],
      s: 'NaN 9007199254740993',
    });
  });

  it('is read as JSON reads it', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        fc.pre(!/\d{16}/u.test(text)); // those are the subject of the test above
        expect(parseJsonItem(Buffer.from(text))).toEqual(JSON.parse(text));
      }),
    );
  });
});
