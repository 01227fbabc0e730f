import { expect, it } from 'vitest';
import { mismatches } from './match-value.js';

it('finds every place where a value differs, and none where it does not', () => {
  const expected = { a: [1, { b: 'x' }], c: null };
  expect(mismatches({ actual: structuredClone(expected), expected })).toEqual([]);
  expect(mismatches({ actual: { a: [1, { b: 'y' }], d: 2 }, expected })).toEqual([
    '/a/1/b is "y", not "x"',
    '/d is 2, not missing',
    '/c is missing, not null',
  ]);
  expect(mismatches({ actual: [1, 2], expected: [1] })).toEqual(['it is [1,2], not [1]']);
  expect(mismatches({ actual: 'x'.repeat(1000), expected: '' })[0]).toHaveLength(315);
});

it.each([
  [{ $any: true }, undefined, 1, []],
  [{ $type: 'string' }, 'x', 1, ['it is 1, which does not fit {"$type":"string"}']],
  [{ $type: ['object', 'null'] }, null, [], ['it is [], which does not fit {"$type":["object","null"]}']],
  [{ $type: 'integer' }, 3, 3.5, ['it is 3.5, which does not fit {"$type":"integer"}']],
  [{ $re: '^a.c$' }, 'abc', 'ab', ['it is "ab", which does not fit {"$re":"^a.c$"}']],
  [
    { $unordered: [{ $type: 'number' }, 'x'] },
    ['x', 1],
    ['x', 'x'],
    ['it is ["x","x"], which does not fit {"$unordered":[{"$type":"number"},"x"]}'],
  ],
  ['plain', 'plain', 'other', ['it is "other", not "plain"']],
])('%j asks for what it names, whatever is expected otherwise', (match, ...[right, wrong, problems]) => {
  expect(mismatches({ actual: right, expected: 'anything', match })).toEqual([]);
  expect(mismatches({ actual: wrong, expected: 'anything', match })).toEqual(problems);
});

it('is loose only where the pattern is', () => {
  const match = { list: [{ time: { $any: true } }] };
  const expected = { list: [{ time: 1, name: 'x' }, 2] };
  expect(mismatches({ actual: { list: [{ time: 9, name: 'x' }, 2] }, expected, match })).toEqual([]);
  expect(mismatches({ actual: { list: [{ name: 'y' }, 2] }, expected, match })).toEqual([
    '/list/0/name is "y", not "x"',
  ]);
});

it('refuses a type that there is not', () => {
  expect(() => mismatches({ actual: 1, expected: 1, match: { $type: 'float' } })).toThrow("asks for the type 'float'");
});
