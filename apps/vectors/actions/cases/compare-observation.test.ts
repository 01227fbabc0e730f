import { expect, it } from 'vitest';
import { differences, type Observation } from './compare-observation.js';

const empty: Observation = { steps: [], rolled_back: [], requests: [], backend_after: {} };

it('agrees about equal observations, whatever ours says beyond them', () => {
  const expected: Observation = {
    ...empty,
    result: { success: true },
    steps: [{ name: 'a', outcome: 'completed', data: { count: 1 } }],
    progress: [['a', 0, 1]],
    logs: [{ step: 'a', level: 'info', event: 'x', data: { n: 1 } }],
  };
  const observed: Observation = {
    ...expected,
    result: { success: true, more: 1 },
    steps: [{ name: 'a', outcome: 'completed', data: { count: 1, more: 2 } }],
    progress: [
      ['b', 0, 1],
      ['a', 0, 1],
      ['a', 1, 1],
    ],
    logs: [{ step: 'a', level: 'info', event: 'x', data: { n: 1, m: 2 } }],
  };
  expect(differences(expected, observed)).toEqual([]);
});

it.each<[string, Partial<Observation>, Partial<Observation>]>([
  ['/result/success', { result: { success: true } }, { result: { success: false } }],
  ['/raised', { raised: { type: 'RuntimeError', message: 'no' } }, {}],
  ['/steps', { steps: [{ name: 'a', outcome: 'completed' }] }, { steps: [{ name: 'a', outcome: 'skipped' }] }],
  [
    '/steps/0/error',
    { steps: [{ name: 'a', outcome: 'failed', error: 'no' }] },
    { steps: [{ name: 'a', outcome: 'failed', error: 'never' }] },
  ],
  ['/rolled_back/0', { rolled_back: ['b', 'a'] }, { rolled_back: ['a', 'b'] }],
  ['/requests/0', { requests: [{ method: 'GET', path: '/', status: 200 }] }, {}],
  ['/requests/0', {}, { requests: [{ method: 'GET', path: '/', status: 200 }] }],
  ['/backend_after/data_units', { backend_after: { data_units: [501] } }, {}],
  ['/backend_after/data_units', {}, { backend_after: { data_units: [501] } }],
  [
    '/progress/1',
    {
      progress: [
        ['a', 0, 1],
        ['a', 1, 1],
      ],
    },
    {
      progress: [
        ['a', 1, 1],
        ['a', 0, 1],
      ],
    },
  ],
  ['/metrics/0', { metrics: [['a', { n: 1 }]] }, { metrics: [['a', { n: 1, m: 1 }]] }],
  ['/logs', { logs: [['a', 'info', 'x']] }, { logs: [] }],
  [
    '/logs',
    {
      logs: [
        ['a', 'info', 'x'],
        ['b', 'info', 'x'],
      ],
    },
    {
      logs: [
        ['b', 'info', 'x'],
        ['a', 'info', 'x'],
      ],
    },
  ],
])('says that %s differs', (path, expected, observed) => {
  const found = differences({ ...empty, ...expected }, { ...empty, ...observed });
  expect(found).toHaveLength(1);
  expect(found[0]?.startsWith(path)).toBe(true);
});

it('lets placeholders stand for what changes with every run', () => {
  const requests = (json: string | number): Partial<Observation> => ({
    requests: [{ method: 'GET', path: '/', status: 200, json }],
  });
  const agree = (expected: string, observed: string | number): boolean =>
    differences({ ...empty, ...requests(expected) }, { ...empty, ...requests(observed) }).length === 0;
  expect(agree('at {time}', 'at 2026-02-17T10:00:00.123Z')).toBe(true);
  expect(agree('at {time}', 'at noon')).toBe(false);
  expect(agree('IMP-{date}-42', 'IMP-20260217-42')).toBe(true);
  expect(agree('{clock}', 0.25)).toBe(true);
  expect(agree('{any}', 7)).toBe(true);
  expect(agree('{unknown}', 'anything')).toBe(false);
});

it('compares of a message only the words of the SDK, and of refused params the fields and its own codes', () => {
  const raised = (message: string): Observation => ({ ...empty, raised: { type: 'RuntimeError', message } });
  const recorded = raised("Step 'a' failed: Failed to analyze collection 5: 500: {'detail': 'x'}");
  expect(differences(recorded, raised("Step 'a' failed: Failed to analyze collection 5: GET … 500"))).toEqual([]);
  expect(differences(recorded, raised("Step 'b' failed: Failed to analyze collection 5: GET … 500"))).toHaveLength(1);
  const refused = (field: string, code: string): Observation => ({
    ...empty,
    raised: { type: 'ValidationError', problems: [{ field, code, message: '' }] },
  });
  expect(differences(refused('name', 'value_error'), refused('name', 'too_small'))).toEqual([]);
  expect(differences(refused('name', 'value_error'), refused('path', 'value_error'))).toHaveLength(1);
  expect(differences(refused('storage', 'storage_not_found'), refused('storage', 'custom'))).toHaveLength(1);
});
