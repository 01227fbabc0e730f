import { expect, it } from 'vitest';
import { printableJson } from './printable-json.js';

it('writes JSON as it is, and leaves out what is undefined', () => {
  expect(printableJson({ a: [1, 'x', null, true], b: undefined, c: { d: new Date(0) } })).toBe(
    '{"a":[1,"x",null,true],"c":{"d":"1970-01-01T00:00:00.000Z"}}',
  );
});

it('says what was there that JSON cannot express', () => {
  class Model {}
  const values = [Number.NaN, 10n, new Map(), new Model(), () => 1, Symbol('s'), undefined];
  expect(JSON.parse(printableJson(values))).toEqual([
    { $notJson: 'NaN' },
    { $notJson: 'the bigint 10' },
    { $notJson: 'a Map' },
    { $notJson: 'a Model' },
    { $notJson: 'a function' },
    { $notJson: 'a symbol' },
    { $notJson: 'undefined' },
  ]);
});

it('ends at a cycle, and survives a toJSON that throws', () => {
  const cycle: Record<string, unknown> = {};
  cycle['self'] = cycle;
  expect(printableJson(cycle)).toContain('(or a cycle)');
  const invalid = { date: new Date(Number.NaN), odd: { toJSON: () => JSON.parse('{') as unknown } };
  expect(printableJson(invalid)).toMatch(
    /^\{"date":null,"odd":\{"\$notJson":"a Object that cannot be written: SyntaxError/,
  );
});
