import { resolve } from 'node:path';
import { expect, it, vi } from 'vitest';
import { readOptions } from './options.js';

it('runs the workflow with Python steps into the example’s own folder when nothing is said', () => {
  const options = readOptions([]);
  expect(options).toMatchObject({ workflow: 'workflow.yaml', params: {} });
  expect(options?.output).toMatch(/penguins[/\\]models$/);
});

it('takes the folder from where the command was typed', () => {
  const output = resolve('somewhere');
  expect(readOptions(['--output', 'somewhere'])).toMatchObject({ output, params: { output } });
});

it.each([['--typscript'], ['workflow.yaml'], ['--output']])('refuses %s and says what there is', (argument) => {
  const printed = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  expect(readOptions([argument])).toBeUndefined();
  expect(printed.mock.calls.join()).toMatch(/--typescript .*\n.*--output FOLDER/);
});
