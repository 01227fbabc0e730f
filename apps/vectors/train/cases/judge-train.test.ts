import { expect, it } from 'vitest';
import { vectorById } from '../../cases/vector-by-id.js';
import { trainSuite } from '../../suites/train.js';
import { judgeTrain } from './judge-train.js';
import { parseTrainVector, readTrainVectors, type TrainVector } from './train-vector.js';

const vectorOf = vectorById(readTrainVectors(trainSuite.folder));

it.each(['t09-own-step-fails', 't15-no-dataset'])('does %s as the SDK does', async (id) => {
  expect(await judgeTrain(vectorOf(id))).toEqual({ verdict: 'same' });
});

it('takes a run that differs where a rule says so for different, and names the rule', async () => {
  expect(await judgeTrain(vectorOf('t05-pascal'))).toEqual({ verdict: 'different', rules: ['formats-convert'] });
});

it.each<[string, Partial<TrainVector['expect']>]>([
  ['execute_calls', { execute_calls: [] }],
  ['steps', { steps: [] }],
  ['backend_after', { backend_after: { models: [{ id: 1 }] } }],
])('sees a wrong expectation of %s', async (part, change) => {
  const vector = vectorOf('t02-imagefolder');
  const judged = await judgeTrain({ ...vector, expect: { ...vector.expect, ...change } });
  expect(judged.verdict === 'unlisted' ? judged.difference : judged.verdict).toContain(`/${part}`);
});

it.each([
  ['an unknown word of the action', { given: { params: {}, action: { dance: true } } }],
  ['another action', { action: 'upload' }],
])('refuses %s', (_what, change) => {
  const given = { params: {} };
  const vector = { id: 'x', title: 'x', action: 'train', defect: null, given, expect: { requests: [] } };
  expect(parseTrainVector(vector, 'x.json').id).toBe('x');
  expect(() => parseTrainVector({ ...vector, ...change }, 'x.json')).toThrow(/x\.json is no vector/);
});
