import { expect, it } from 'vitest';
import { BenchUsageError, parseArguments } from './arguments.js';

const known = ['P1', 'P2', 'P12'];

it('runs everything, as a table, when nothing is asked for', () => {
  expect(parseArguments([], known)).toEqual({ ids: known, json: false, quick: false, help: false });
});

it('runs what is named, once, in the usual order and whatever the case', () => {
  expect(parseArguments(['p12', 'P1', 'P12', '--json', '--quick'], known)).toMatchObject({
    ids: ['P1', 'P12'],
    json: true,
    quick: true,
  });
});

it('says which benchmarks there are when one is unknown', () => {
  expect(() => parseArguments(['P1', 'P99'], known)).toThrow('There is no benchmark P99. There are: P1, P2, P12.');
});

it('refuses an option that it does not know', () => {
  expect(() => parseArguments(['--fast'], known)).toThrow(BenchUsageError);
});
