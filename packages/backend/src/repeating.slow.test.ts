import { describe, expect, it } from 'vitest';

import { freePort, rejection, startBackend } from '../test/start-backend.js';
import { BackendClient } from './backend-client.js';

const unit = (key: string) => ({
  data_collection: 5,
  files: { images: { checksum: key, path: `/${key}.jpg` } },
  meta: { data_unit_key: key },
});

describe('a request that changes nothing', () => {
  it.each([502, 503, 504])('is repeated after a %i, up to three times', async (status) => {
    const { backend, paths } = await startBackend({
      faults: [{ method: 'GET', path: '/projects/7/', status, times: 3 }],
    });
    expect(await backend.projects.get(7)).toMatchObject({ id: 7 });
    expect(paths()).toEqual([...Array<string>(3).fill(`GET /projects/7/ ${status}`), 'GET /projects/7/ 200']);
  });

  it('is given up after four tries, with the last answer', async () => {
    const { backend, paths } = await startBackend({
      faults: [{ method: 'GET', path: '/projects/7/', status: 503, times: 9 }],
    });
    expect(await rejection(backend.projects.get(7))).toMatchObject({
      code: 'backend_failed',
      status: 503,
      retryable: true,
    });
    expect(paths()).toHaveLength(4);
  });

  it('is repeated when the server says, rather than after a pause of its own', async () => {
    const { backend, paths } = await startBackend(
      { faults: [{ method: 'GET', path: '/projects/7/', status: 503, headers: { 'Retry-After': '0' }, times: 3 }] },
      { retryDelayMs: 1e9 },
    );
    await backend.projects.get(7);
    expect(paths()).toHaveLength(4);
  });

  it.each([500, 501, 404])('is not repeated after a %i: that says nothing of a moment', async (status) => {
    const { backend, paths } = await startBackend({
      faults: [{ method: 'GET', path: '/projects/7/', status, times: 9 }],
    });
    expect(await rejection(backend.projects.get(7))).toMatchObject({ status });
    expect(paths()).toHaveLength(1);
  });

  it('is repeated after a 429, which asks to wait, when the server says', async () => {
    const headers = { 'Retry-After': '0' };
    const { backend, paths } = await startBackend(
      { faults: [{ method: 'GET', path: '/projects/7/', status: 429, headers, times: 3 }] },
      { retryDelayMs: 1e9 },
    );
    expect(await backend.projects.get(7)).toMatchObject({ id: 7 });
    expect(paths()).toHaveLength(4);
  });

  it('is repeated after a 429 that does not say when, and given up with it after four tries', async () => {
    const { backend, paths } = await startBackend({
      faults: [{ method: 'GET', path: '/projects/7/', status: 429, times: 9 }],
    });
    expect(await rejection(backend.projects.get(7))).toMatchObject({ code: 'backend_refused', status: 429 });
    expect(paths()).toHaveLength(4);
  });

  it.each([
    ['the connection is closed before the answer', { status: 0 }],
    ['the answer is cut off', { after: true, truncated: true }],
    ['no answer comes in time', { silent: true }],
  ])('is repeated when %s', async (_, fault) => {
    const { backend, paths } = await startBackend(
      { faults: [{ method: 'GET', path: '/projects/7/', ...fault }] },
      { readTimeoutMs: 500 },
    );
    expect(await backend.projects.get(7)).toMatchObject({ id: 7 });
    expect(paths()).toHaveLength(2);
  });

  it('says how long it waited when no answer ever comes', async () => {
    const { backend } = await startBackend(
      { faults: [{ method: 'GET', path: '/projects/7/', silent: true, times: 9 }] },
      { readTimeoutMs: 50, retries: 1 },
    );
    expect(await rejection(backend.projects.get(7))).toMatchObject({
      code: 'backend_no_answer',
      message: 'GET projects/7/ was sent, and its answer was lost: no answer came within 0.05 s.',
    });
  });
});

describe('a backend that is not there', () => {
  it('is told from one that does not answer, also to a POST, which is then repeated', async () => {
    const backend = new BackendClient({ host: `http://127.0.0.1:${await freePort()}`, retryDelayMs: 1 });
    for (const call of [
      () => backend.projects.get(7),
      () => backend.logs.create([{ event: 'e', data: {}, datetime: '', job: 1 }]),
    ]) {
      expect(await rejection(call())).toMatchObject({
        code: 'backend_unreachable',
        outcomeUnknown: false,
        message: expect.stringMatching(
          /^\w+ \S+ could not be sent: .*ECONNREFUSED.*Is the backend up, and the host right\?$/,
        ) as string,
      });
    }
  });

  it('may come up between two tries of a POST', async () => {
    const port = await freePort();
    const backend = new BackendClient({ host: `http://127.0.0.1:${port}`, retryDelayMs: 4000, retries: 6 });
    const made = backend.dataUnits.create([unit('a')]);
    const { server } = await startBackend({ port });
    expect(await made).toMatchObject([{ id: 501 }]);
    expect(server.state.created.data_units).toHaveLength(1);
  });
});

describe('a POST that stores', () => {
  it('is repeated after a 503, when a look has told that nothing was done', async () => {
    const { backend, paths } = await startBackend({
      faults: [{ method: 'POST', path: '/data_units/', status: 503, times: 2 }],
    });
    expect(await backend.dataUnits.create([unit('a')])).toMatchObject([{ id: 501 }]);
    const tried = ['POST /data_units/ 503', 'GET /data_units/ 200'];
    expect(paths()).toEqual([...tried, ...tried, 'POST /data_units/ 201']);
  });

  it.each([500, 429])('and was not carried out before a %s is looked for, and not sent again', async (status) => {
    const { backend, paths } = await startBackend({ faults: [{ method: 'POST', path: '/data_units/', status }] });
    expect(await rejection(backend.dataUnits.create([unit('a')]))).toMatchObject({ status, outcomeUnknown: false });
    expect(paths()).toEqual([`POST /data_units/ ${status}`, 'GET /data_units/ 200']);
  });

  it('is unknown after a 500 when the look fails as well', async () => {
    const { backend } = await startBackend({
      faults: [
        { method: 'POST', path: '/data_units/', status: 500, after: true },
        { method: 'GET', path: '/data_units/', status: 400 },
      ],
    });
    expect(await rejection(backend.dataUnits.create([unit('a')]))).toMatchObject({ outcomeUnknown: true, status: 500 });
  });

  it('takes no unit for its own that is not newer than was said, and none when that is not known', async () => {
    const { backend, server } = await startBackend();
    const [old] = await backend.dataUnits.create([unit('a')]);
    server.faults.add({ method: 'POST', path: '/data_units/', status: 0 });
    const newerThan = Number(old?.id);
    expect(await backend.dataUnits.create([unit('a')], { newerThan })).toMatchObject([{ id: newerThan + 1 }]);
    server.faults.add({ method: 'POST', path: '/data_units/', status: 0 });
    const unknown = rejection(backend.dataUnits.create([unit('a')], { newerThan: null }));
    expect(await unknown).toMatchObject({ outcomeUnknown: true });
    expect(server.state.created.data_units).toHaveLength(2);
  });

  it.each([
    ['a 504', { status: 504 }],
    ['a 502', { status: 502 }],
    ['a 503', { status: 503 }],
    ['a 500', { status: 500 }],
    ['a 429', { status: 429 }],
    ['a closed connection', { status: 0 }],
    ['an answer that is cut off', { truncated: true }],
    ['a page of HTML instead of the answer', { status: 200, html: '<html><title>Sorry</title></html>' }],
  ])('and was carried out before %s is found, and not stored twice', async (_, fault) => {
    const { backend, server, paths } = await startBackend({
      faults: [{ method: 'POST', path: '/data_units/', after: true, ...fault }],
    });
    const units = [unit('a'), unit('b'), unit('c')];
    const made = await backend.dataUnits.create(units);
    expect(made.map(({ id }) => id).toSorted()).toEqual([501, 502, 503]);
    expect(server.state.created.data_units).toHaveLength(3);
    expect(paths().slice(1)).toEqual(['GET /data_units/ 200']);
  });

  it.each([
    ['a closed connection', { status: 0 }],
    ['a connection that was closed before all was sent', { early: true }],
    ['a 504', { status: 504 }],
  ])('and was not carried out before %s is looked for, and sent again', async (_, fault) => {
    const { backend, server } = await startBackend({ faults: [{ method: 'POST', path: '/data_units/', ...fault }] });
    expect(await backend.dataUnits.create([unit('a'), unit('b')])).toMatchObject([{ id: 501 }, { id: 502 }]);
    expect(server.state.created.data_units).toHaveLength(2);
    expect(server.requests.filter(({ method }) => method === 'GET').length).toBeGreaterThan(0);
  });

  it('is found by what JSON makes of its meta', async () => {
    const { backend, server } = await startBackend({
      faults: [{ method: 'POST', path: '/data_units/', status: 504, after: true }],
    });
    const meta = { at: new Date(0), zero: -0, none: undefined, nan: Number.NaN };
    expect(await backend.dataUnits.create([{ data_collection: 5, files: {}, meta }])).toMatchObject([{ id: 501 }]);
    expect(server.state.created.data_units).toMatchObject([
      { meta: { at: '1970-01-01T00:00:00.000Z', zero: 0, nan: null } },
    ]);
  });

  it('and of which a part was carried out is completed: only what is missing is sent again', async () => {
    const { backend, server } = await startBackend();
    await backend.dataUnits.create([unit('b')]);
    server.faults.add({ method: 'POST', path: '/data_units/', status: 504 });
    const made = await backend.dataUnits.create([unit('a'), unit('b'), unit('c')]);
    expect(made).toHaveLength(3);
    expect(server.state.created.data_units.map(({ meta }) => meta)).toEqual([
      { data_unit_key: 'b' },
      { data_unit_key: 'a' },
      { data_unit_key: 'c' },
    ]);
  });

  it('stays unknown when the backend cannot be asked, and says so', async () => {
    const { backend, server } = await startBackend({
      faults: [
        { method: 'POST', path: '/data_units/', status: 0, after: true },
        { method: 'GET', path: '/data_units/', status: 405, body: { detail: 'Method not allowed.' } },
      ],
    });
    expect(await rejection(backend.dataUnits.create([unit('a')]))).toMatchObject({
      code: 'backend_outcome_unknown',
      outcomeUnknown: true,
      retryable: false,
      message: expect.stringContaining(
        'look before you repeat it. The look failed as well: GET data_units/ was refused with 405',
      ) as string,
    });
    expect(server.state.created.data_units).toHaveLength(1);
  });

  it('stays unknown when nothing tells its units from others with the same files', async () => {
    const { backend, server } = await startBackend({ faults: [{ method: 'POST', path: '/data_units/', status: 0 }] });
    const units = [{ data_collection: 5, files: { images: { checksum: 'a' } } }];
    expect(await rejection(backend.dataUnits.create(units))).toMatchObject({ code: 'backend_outcome_unknown' });
    expect(server.state.created.data_units).toEqual([]);
  });

  it('is looked up by name where it is a model', async () => {
    const { backend, server } = await startBackend({
      faults: [{ method: 'POST', path: '/models/', status: 504, after: true }],
    });
    const made = await backend.models.create({ name: 'm_1', plugin: 'yolo' }, { isNameNew: true });
    expect(made).toMatchObject({ id: 701, name: 'm_1' });
    expect(server.left()).toMatchObject({ models: [{ name: 'm_1' }] });
  });

  it('does not take a model of that name for its own when nobody said that the name is new', async () => {
    const { backend, server } = await startBackend();
    await backend.models.create({ name: 'm_1' });
    server.faults.add({ method: 'POST', path: '/models/', status: 0 });
    expect(await rejection(backend.models.create({ name: 'm_1' }))).toMatchObject({ outcomeUnknown: true });
    expect(server.state.created.models).toHaveLength(1);
  });

  it('is unknown at once where nothing can be looked up: lines of a log', async () => {
    const { backend, paths } = await startBackend({
      faults: [{ method: 'POST', path: '/logs/', status: 504, after: true }],
    });
    const line = { event: 'e', data: {}, datetime: '2026-01-01T00:00:00Z', job: 42 };
    expect(await rejection(backend.logs.create([line]))).toMatchObject({
      code: 'backend_outcome_unknown',
      status: 504,
    });
    expect(paths()).toEqual(['POST /logs/ 504']);
  });

  it('is not repeated after a 429 where nothing can be looked up: lines of a log', async () => {
    const { backend, paths } = await startBackend({ faults: [{ method: 'POST', path: '/logs/', status: 429 }] });
    const line = { event: 'e', data: {}, datetime: '2026-01-01T00:00:00Z', job: 42 };
    expect(await rejection(backend.logs.create([line]))).toMatchObject({ code: 'backend_refused', status: 429 });
    expect(paths()).toEqual(['POST /logs/ 429']);
  });

  it('is repeated after a 429 as well where doing it twice is as good as once: sessions, addresses, questions', async () => {
    const { backend, paths } = await startBackend({
      faults: [
        { method: 'POST', path: '/storages/1/session/', status: 429 },
        { method: 'POST', path: '/data_files/presigned_upload/upload/', status: 429 },
        { method: 'POST', path: '/data_files/verify_checksums/', status: 429 },
        { method: 'PATCH', path: '/jobs/42/', status: 429 },
      ],
    });
    await backend.storages.openSession(1);
    await backend.presignedUploads.presign([{ filename: 'a.jpg', size: 1 }]);
    await backend.dataFiles.knownChecksums(['a']);
    await backend.jobs.update(42, { status: 'RUNNING' });
    expect(paths()).toHaveLength(8);
  });

  it('is repeated without a look where doing it twice is as good as once: sessions, addresses, questions', async () => {
    const { backend, paths } = await startBackend({
      faults: [
        { method: 'POST', path: '/storages/1/session/', status: 0 },
        { method: 'POST', path: '/data_files/presigned_upload/upload/', status: 504 },
        { method: 'POST', path: '/data_files/verify_checksums/', status: 502 },
        { method: 'PATCH', path: '/jobs/42/', status: 0, after: true },
      ],
    });
    await backend.storages.openSession(1);
    await backend.presignedUploads.presign([{ filename: 'a.jpg', size: 1 }]);
    await backend.dataFiles.knownChecksums(['a']);
    await backend.jobs.update(42, { status: 'RUNNING' });
    expect(paths()).toHaveLength(8);
  });
});
