import { expect, it, vi } from 'vitest';
import { readOptions } from './options.js';

it.each(['--help', '-h'])('says what there is, and runs nothing, with %s', (argument) => {
  const printed = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  expect(readOptions([argument])).toEqual({ exitCode: 0 });
  expect(printed.mock.calls.join()).toMatch(/--trainer NAME {2}scikit-learn or typescript .*\n.*--fail/);
});

it('trains with scikit-learn, and nothing fails, when nothing is said', () => {
  expect(readOptions([])).toEqual({ trainer: 'scikit-learn', fails: false, keeps: false });
  expect(readOptions(['--trainer', 'typescript', '--fail', '--keep'])).toEqual({
    trainer: 'typescript',
    fails: true,
    keeps: true,
  });
});

it.each([['--trainer=tensorflow'], ['--trainer'], ['--failing'], ['typescript']])(
  'refuses %s and says what there is',
  (argument) => {
    const printed = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    expect(readOptions([argument])).toEqual({ exitCode: 2 });
    expect(printed.mock.calls.join()).toMatch(/--trainer NAME {2}scikit-learn or typescript .*\n.*--fail/);
  },
);
