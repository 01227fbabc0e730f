import { join } from 'node:path';
import { expect, it } from 'vitest';
import { vectorById } from '../../cases/vector-by-id.js';
import { uploadSuite } from '../../suites/upload.js';
import { judgeUpload } from './judge-upload.js';
import { parseUploadVector, readUploadVectors, type UploadVector } from './upload-vector.js';

const vectorOf = vectorById(readUploadVectors(uploadSuite.folder));

it.each(['u70-storage-unknown', 'u95-skipped-step'])('does %s as the SDK does', async (id) => {
  expect(await judgeUpload(vectorOf(id))).toEqual({ verdict: 'same' });
});

it('takes a run that differs where a rule says so for different, and names the rule', async () => {
  const judged = await judgeUpload(vectorOf('u34-data-units-409'));
  expect(judged).toEqual({ verdict: 'different', rules: ['real-undo', 'step-being-undone'] });
});

it.each<[string, (vector: UploadVector) => Partial<UploadVector['expect']>]>([
  ['result', () => ({ result: { success: false } })],
  ['steps', ({ expect: { steps } }) => ({ steps: steps.slice(1) })],
  ['requests', ({ expect: { requests } }) => ({ requests: requests.slice(1) })],
  ['backend_after', () => ({ backend_after: { data_units: [1] } })],
  ['logs', () => ({ logs: [['first', 'info', 'NEVER_SAID']] })],
])('sees a wrong expectation of %s', async (part, change) => {
  const vector = vectorOf('u95-skipped-step');
  const wrong = { ...vector, expect: { ...vector.expect, ...change(vector) } };
  const judged = await judgeUpload(wrong);
  expect(judged.verdict === 'unlisted' ? judged.difference : judged.verdict).toContain(`/${part}`);
});

it.each([
  ['an unknown word', { colour: 'red' }],
  ['another action', { action: 'train' }],
  ['an unknown word of what is given', { given: { params: {}, weather: 'fine' } }],
  ['an unknown state of the backend', { given: { params: {}, backend: { users: {} } } }],
  ['an unknown fault', { given: { params: {}, faults: [{ method: 'GET', path: '*', melts: true }] } }],
  ['an unknown option of the action', { given: { params: {}, action: { speed: 9 } } }],
  ['an unknown word of what is expected', { expect: { requests: [], mood: 'good' } }],
])('refuses %s', (_what, change) => {
  const vector = {
    id: 'x',
    title: 'x',
    action: 'upload',
    defect: null,
    given: { params: {} },
    expect: { requests: [] },
  };
  expect(parseUploadVector(vector, 'x.json').id).toBe('x');
  expect(() => parseUploadVector({ ...vector, ...change }, 'x.json')).toThrow(/x\.json is no vector/);
});

it.each([
  ['a step', { steps: ['initialize'], options: { initialize: { speed: 9 } } }],
  ['an own step', { steps: ['mine'], options: { mine: { dance: true } } }],
  ['a step that is not in the list', { steps: ['initialize'], options: { cleanup: {} } }],
])('takes unknown options of %s for an error, not for nothing', async (_what, action) => {
  const vector = vectorOf('u95-skipped-step');
  const judged = await judgeUpload({ ...vector, given: { ...vector.given, action } });
  expect(judged.verdict === 'unlisted' ? judged.difference : judged.verdict).toMatch(/options/);
});

it('names the file that is no vector', () => {
  expect(() => readUploadVectors(join(uploadSuite.folder, '..', 'steps'))).toThrow(/context\.json is no vector/);
});
