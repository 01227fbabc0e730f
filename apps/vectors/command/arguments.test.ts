import { expect, it } from 'vitest';
import { parseVectorsArguments, VectorsUsageError } from './arguments.js';

it('reads the folder and the form of the answer', () => {
  expect(parseVectorsArguments(['steps', 'somewhere', '--json'])).toMatchObject({ folder: 'somewhere', json: true });
  expect(parseVectorsArguments(['steps'])).toMatchObject({
    suite: 'steps',
    folder: undefined,
    json: false,
    checkRecorder: false,
  });
  expect(parseVectorsArguments(['upload', 'there'])).toMatchObject({ suite: 'upload', folder: 'there' });
});

it.each([[[]], [['stairs']], [['steps', 'a', 'b']], [['steps', '--loud']]])('refuses %j', (args) => {
  expect(() => parseVectorsArguments(args)).toThrow(VectorsUsageError);
});
