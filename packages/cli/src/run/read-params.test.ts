import { expect, it } from 'vitest';
import { readParams } from './read-params.js';

it('reads values as JSON where they are JSON, and as text otherwise', async () => {
  const param = [
    'epochs=300',
    'rate=1e-3',
    'on=true',
    'none=null',
    'list=[1,2]',
    'name=night',
    'path=a=b',
    'zip=007',
    'text="300"',
    'empty=',
  ];
  expect(await readParams({ param })).toEqual({
    epochs: 300,
    rate: 0.001,
    on: true,
    none: null,
    list: [1, 2],
    name: 'night',
    path: 'a=b',
    zip: '007',
    text: '300',
    empty: '',
  });
});

it('lets the last of two values count', async () => {
  expect(await readParams({ param: ['a=1', 'a=2'] })).toEqual({ a: 2 });
});

it.each([
  ['a', /--param 'a' has no value\./],
  ['=1', /--param '=1' has no value\./],
  ['__proto__={"a":1}', /the forbidden key '__proto__'/],
])('refuses %s', async (param, expected) => {
  await expect(readParams({ param: [param] })).rejects.toThrow(expected);
});
