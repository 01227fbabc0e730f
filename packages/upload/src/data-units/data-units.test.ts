import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { startTestBackend, type TestBackendOptions } from '../../test/start-test-backend.js';
import { contextFor, groupOf, uploadGroups, type UploadRun } from '../../test/upload-run.js';
import type { FakeBackend } from '../../../../test-fixtures/backend/fake-backend.js';
import type { UploadParamsInput } from '../upload-params.js';
import { BatchDataUnitStrategy, SingleDataUnitStrategy } from './batch-data-unit-strategy.js';
import { pairUnits } from './pair-units.js';

const NAMES = ['a', 'b', 'c', 'd', 'e'];
const FILES = Object.fromEntries(NAMES.map((name) => [`${name}.jpg`, `image ${name}`]));
const IN_TWOS = { creating_data_unit_batch_size: 2, creating_data_unit_max_retries: 2 };

interface Made extends UploadRun {
  readonly server: FakeBackend;
  readonly posts: (number | undefined)[];
}

async function make(options: TestBackendOptions = {}, params: Partial<UploadParamsInput> = IN_TWOS): Promise<Made> {
  const { server, client, root } = await startTestBackend({ files: FILES, ...options });
  const groups = NAMES.map((name) => groupOf({ images: join(root, `${name}.jpg`) }));
  const run = await uploadGroups(contextFor(client, groups, params));
  const posts = server.requests
    .filter(({ method, path }) => method === 'POST' && path === '/data_units/')
    .map(({ status }) => status);
  return { ...run, server, posts };
}

const keysOf = (server: FakeBackend): unknown[] =>
  server.state.created.data_units.map(({ meta }) => (meta as { data_unit_key: string }).data_unit_key);
const unitFault = (nth: number, fault: object): TestBackendOptions => ({
  faults: [{ method: 'POST', path: '/data_units/', nth, ...fault }],
});

describe('data units', () => {
  it('are made in batches, with the group that all of them belong to', async () => {
    const { posts, context, server } = await make({}, { ...IN_TWOS, group_name: ' day 1 ' });
    expect(posts).toEqual([201, 201, 201]);
    expect(context.dataUnits).toEqual(NAMES.map((key, index) => ({ id: 501 + index, key })));
    expect(server.state.created.data_units.map(({ groups }) => groups)).toEqual(NAMES.map(() => ['day 1']));
  });

  it.each([500, 503, 408, 425, 429])('a batch that was answered %i is sent again', async (status) => {
    const { posts, context } = await make(unitFault(2, { status }));
    expect(posts).toEqual([201, status, 201, 201]);
    expect(context.failedDataUnits).toEqual([]);
  });

  it('a batch that fails to the end is lost, and the others are made', async () => {
    const { posts, context, report } = await make(unitFault(2, { status: 500, times: 3 }));
    expect(posts).toEqual([201, 500, 500, 500, 201]);
    expect(context.dataUnits.map(({ key }) => key)).toEqual(['a', 'b', 'e']);
    expect(context.failedDataUnits).toMatchObject([
      { key: 'c', reason: expect.stringContaining('failed with 500') as string },
      { key: 'd' },
    ]);
    expect(report.steps.at(-1)?.data).toMatchObject({ partialFailure: true, failedDataUnitsCount: 2 });
  });

  it('a batch that is refused is not sent again', async () => {
    const { posts, error } = await make(unitFault(1, { status: 409, times: 9, body: { detail: 'exists' } }), {});
    expect(posts).toEqual([409]);
    expect(String(error)).toContain(
      "Step 'generate_data_units' failed: No data units were successfully generated from 5 uploaded files",
    );
  });

  it.each([
    ['a closed connection, after the work', { status: 0, after: true }, 3],
    ['a closed connection, before it', { status: 0 }, 4],
    ['an impatient proxy, after the work', { status: 504, after: true }, 3],
    ['half an answer', { truncated: true, after: true }, 3],
    ['a page of HTML', { status: 200, html: '<html>', after: true }, 3],
  ])('an answer that was lost to %s is looked up, and nothing is made twice', async (_, fault, posts) => {
    const made = await make(unitFault(2, fault));
    expect(made.posts).toHaveLength(posts);
    expect(keysOf(made.server)).toEqual(NAMES);
    expect(made.context.dataUnits.map(({ key }) => key)).toEqual(NAMES);
    expect(new Set(made.context.dataUnits.map(({ id }) => id)).size).toBe(5);
  });

  it('what nobody can look up is unknown, not sent again, and does not end the rest', async () => {
    const { posts, context, server } = await make({
      faults: [
        { method: 'POST', path: '/data_units/', nth: 2, status: 0, after: true },
        { method: 'GET', path: '/data_units/', status: 400, times: 99 },
      ],
    });
    expect(posts).toHaveLength(3);
    expect(context.failedDataUnits).toMatchObject([
      { key: 'c', isUnknown: true },
      { key: 'd', isUnknown: true },
    ]);
    expect(keysOf(server)).toEqual(NAMES);
  });

  it('those that a short answer does not name are unknown', async () => {
    const { context, report } = await make({ state: { data_units_answered: 2 } }, {});
    expect(context.dataUnits.map(({ key }) => key)).toEqual(['a', 'b']);
    expect(context.failedDataUnits.map(({ key, isUnknown }) => [key, isUnknown])).toEqual([
      ['c', true],
      ['d', true],
      ['e', true],
    ]);
    expect(report.status).toBe('succeeded');
  });
});

it('each data unit may have a request of its own', async () => {
  const { client, root } = await startTestBackend({ files: FILES });
  const groups = NAMES.map((name) => groupOf({ images: join(root, `${name}.jpg`) }));
  const context = contextFor(client, groups);
  await uploadGroups(context);
  const request = {
    groups: context.uploadedFiles,
    dataCollection: 5,
    client,
    settings: context.settings,
    signal: new AbortController().signal,
    willCreate: async () => undefined,
    created: async () => {},
  };
  for (const [strategy, batches] of [
    [new SingleDataUnitStrategy(), 5],
    [new BatchDataUnitStrategy(), 1],
  ] as const) {
    const numbers: number[] = [];
    await strategy.generate({ ...request, onBatch: ({ of }) => void numbers.push(of) });
    expect(numbers).toEqual(Array(batches).fill(batches));
  }
});

it('a unit is known by its meta, and by its place where it tells none', () => {
  const groups = ['a', 'b', 'c'].map((key) => ({ key, files: {}, meta: { data_unit_key: key } }));
  const unit = (id: number, key?: string) => ({ id, ...(key !== undefined && { meta: { data_unit_key: key } }) });
  expect(pairUnits(groups, [unit(3, 'c'), unit(1, 'a')])).toEqual([
    { id: 1, key: 'a' },
    { id: 3, key: 'c' },
  ]);
  expect(pairUnits(groups, [unit(7), unit(8)])).toEqual([
    { id: 7, key: 'a' },
    { id: 8, key: 'b' },
  ]);
});
