import { inspect } from 'node:util';

import { RuntimeContext } from '@synapse-steps/core';
import { describe, expect, it } from 'vitest';

import { rejection, startBackend, TOKEN } from '../test/start-backend.js';
import { BackendClient } from './backend-client.js';
import { BackendError } from './errors/backend-error.js';
import { bytesSource } from './files/upload-source.js';
import { findBackend } from './find-backend.js';

describe('reading', () => {
  it('asks for each thing as the Python SDK does, and keeps fields that it does not know', async () => {
    const { server, backend } = await startBackend();
    expect(await backend.storages.get(1)).toMatchObject({ provider: 'file_system', extra: 'kept' });
    expect((await backend.dataCollections.get(5)).file_specifications).toMatchObject([
      { name: 'images', is_required: true },
    ]);
    expect(await backend.projects.get(7)).toMatchObject({ name: 'Project' });
    expect(await backend.jobs.get(42)).toMatchObject({ plugin_release: 9 });
    expect(await backend.pluginReleases.get(9)).toMatchObject({ version: '1.0', plugin: { code: 'yolo' } });
    expect(await backend.models.get(8)).toMatchObject({ file: `${server.url}/_files/base.zip` });
    expect(await backend.storages.openSession(1)).toMatchObject({ provider: 'file_system', contract_version: 1 });
    expect(server.requests).toEqual([
      { method: 'GET', path: '/storages/1/', query: [['with_configuration', 'true']], status: 200 },
      { method: 'GET', path: '/data_collections/5/', query: [['expand', 'file_specifications']], status: 200 },
      { method: 'GET', path: '/projects/7/', status: 200 },
      { method: 'GET', path: '/jobs/42/', status: 200 },
      { method: 'GET', path: '/plugin_releases/9/', query: [['expand', 'plugin']], status: 200 },
      { method: 'GET', path: '/models/8/', status: 200 },
      {
        method: 'POST',
        path: '/storages/1/session/',
        content_type: 'application/json',
        json: { purpose: 'read' },
        status: 200,
      },
    ]);
  });

  it('reads a paged list page by page, and sends its token to no address that a page names', async () => {
    const events = Array.from({ length: 5 }, (_, index) => ({ id: index, category: 'train', files: {}, data: {} }));
    const { server, backend } = await startBackend({ state: { ground_truth_events: events } });
    const [ids, counts]: [unknown[], unknown[]] = [[], []];
    const options = { datasetVersion: 11, category: 'train', filters: { tag: ['x', 'y'] }, pageSize: 2 };
    const list = backend.groundTruthEvents.list({ ...options, onCount: (count) => counts.push(count) });
    for await (const event of list) ids.push(event.id);
    expect({ ids, counts }).toEqual({ ids: [0, 1, 2, 3, 4], counts: [5] });
    expect(server.requests.map(({ query }) => query?.map(([key, value]) => `${key}=${value}`).join('&'))).toEqual(
      ['', '&page=2', '&page=3'].map(
        (page) =>
          `fields=category&fields=files&fields=data&expand=data&ground_truth_dataset_versions=11&category=train&tag=x&tag=y&page_size=2${page}`,
      ),
    );
  });

  it('fails rather than reading for ever when a page names itself as the next one', async () => {
    const body = { count: 9, next: 'https://elsewhere.invalid/?page=2', results: [{ id: 1 }] };
    const { backend, server } = await startBackend({
      faults: [{ method: 'GET', path: '/sdk/ground_truth_events/', status: 200, body, times: 9 }],
    });
    const read = async (): Promise<void> => {
      for await (const event of backend.groundTruthEvents.list({ datasetVersion: 1 })) expect(event.id).toBe(1);
    };
    expect(await rejection(read())).toMatchObject({ code: 'backend_answer_invalid' });
    expect(server.requests).toHaveLength(2);
  });

  it('keeps its connections for the requests that follow', async () => {
    const { server, backend } = await startBackend();
    for (let count = 0; count < 20; count += 1) await backend.projects.get(7);
    expect(server.connections).toBeLessThanOrEqual(2); // the pool may open a second one before the first is free again
  });
});

describe('who asks', () => {
  it('is said in four headers', async () => {
    const identity = { token: 'aaaa', userToken: 'bbbb', tenant: 'cccc', agentToken: 'dddd' };
    const { server, backend } = await startBackend({}, identity);
    await backend.projects.get(7);
    expect(server.headers[0]).toMatchObject({
      'synapse-access-token': 'Token aaaa',
      authorization: 'Token bbbb',
      'synapse-tenant': 'Token cccc',
      'synapse-agent': 'Token dddd',
    });
  });

  it('is shown by nothing: not by printing the client, not by any error', async () => {
    const echo = { detail: `Token ${TOKEN} is wrong`, [TOKEN]: [{ deep: TOKEN }] };
    const { backend } = await startBackend({
      faults: [
        { method: 'GET', path: '/projects/*', status: 401, body: echo },
        { method: 'GET', path: '/jobs/*', status: 200, html: `<html><title>${TOKEN}</title>` },
      ],
    });
    const errors = [await rejection(backend.projects.get(7)), await rejection(backend.jobs.get(42))];
    expect(errors[0]).toMatchObject({ status: 401, detail: { detail: 'Token *** is wrong' } });
    const all = [backend, ...errors].map(
      (item) => inspect(item, { depth: 20, showHidden: true }) + JSON.stringify(item),
    );
    expect(all.join('')).not.toContain(TOKEN);
  });

  it.each(['two words', 'line\nbreak', 'ümlaut'])(
    'must be a token that can be sent: %j is refused without being repeated',
    (token) => {
      const make = (): BackendClient => new BackendClient({ host: 'http://127.0.0.1', token });
      expect(make).toThrow(/contains a space, a line break or another character/);
      expect(make).not.toThrow(token);
    },
  );
});

describe('the host', () => {
  it.each([
    ['example.com', 'starting with http'],
    ['ftp://example.com', 'starting with http'],
    ['https://user:pass@example.com', 'must not contain a user'],
    ['https://example.com/?a=1', 'must not contain a query'],
  ])('%s is refused: %s', (host, words) => {
    expect(() => new BackendClient({ host })).toThrow(words);
  });

  it('may have a path, with or without a slash at its end', async () => {
    const { server } = await startBackend();
    for (const host of [`${server.url}/base`, `${server.url}/base/`]) {
      await rejection(new BackendClient({ host }).projects.get(7));
    }
    expect(server.requests.map(({ path }) => path)).toEqual(['/base/projects/7/', '/base/projects/7/']);
  });
});

describe('errors', () => {
  it('say method, path, status, the server’s own words and what to do', async () => {
    const { backend } = await startBackend({
      faults: [
        { method: 'POST', path: '/data_units/', status: 400, body: { files: ['bad'], meta: { key: ['missing'] } } },
        { method: 'GET', path: '/projects/7/', status: 401, body: { detail: 'Invalid token.' } },
        {
          method: 'POST',
          path: '/models/',
          status: 413,
          html: '<!doctype html><html><head><title>Too large</title></head></html>',
        },
      ],
    });
    const units = [{ data_collection: 5, files: {} }];
    expect(await rejection(backend.dataUnits.create(units))).toMatchObject({
      code: 'backend_refused',
      method: 'POST',
      path: 'data_units/',
      status: 400,
      detail: { files: ['bad'] },
      retryable: false,
      outcomeUnknown: false,
      message: 'POST data_units/ was refused with 400: files: bad; meta: key: missing.',
    });
    expect(await rejection(backend.projects.get(7))).toMatchObject({
      message: 'GET projects/7/ was refused with 401: Invalid token. Check the token.',
    });
    expect(await rejection(backend.models.create({ name: 'm' }))).toMatchObject({
      message: 'POST models/ was refused with 413: an HTML page, "Too large". It is too large.',
    });
  });

  it('tell an answer that is no JSON, or lacks what was promised', async () => {
    const { backend } = await startBackend({
      faults: [
        { method: 'GET', path: '/projects/7/', status: 200, html: '<html><title>Sign in</title></html>' },
        { method: 'GET', path: '/projects/7/', status: 200, body: { name: 'no id' } },
      ],
    });
    const errors = [await rejection(backend.projects.get(7)), await rejection(backend.projects.get(7))];
    expect(errors.map((error) => BackendError.is(error) && error.code)).toEqual(
      Array(2).fill('backend_answer_invalid'),
    );
    expect(String(errors[0])).toContain('with no JSON: an HTML page, "Sign in". Is the host the address');
    expect(String(errors[1])).toContain('id: Invalid input');
  });

  it('name the new address of a backend that has moved, and do not follow it', async () => {
    const { backend, server } = await startBackend({
      faults: [
        {
          method: 'GET',
          path: '/projects/7/',
          status: 301,
          headers: { Location: 'https://new.example.com/' },
          body: {},
        },
      ],
    });
    expect(String(await rejection(backend.projects.get(7)))).toContain(
      'it redirects to https://new.example.com/; give that as the host',
    );
    expect(server.requests).toHaveLength(1);
  });

  it('cannot be led out of their path by an id', async () => {
    const { backend, server } = await startBackend();
    await rejection(backend.jobs.get('../projects/7'));
    await rejection(backend.jobs.get('..'));
    expect(server.requests.map(({ path }) => path)).not.toContain('/projects/7/');
  });
});

it('a client that a host lends is known by its shape, as it may be of another copy of this package', async () => {
  const { backend } = await startBackend();
  expect(findBackend(new RuntimeContext({ client: backend }))).toBe(backend);
  const copy: unknown = Object.fromEntries(Object.entries(backend));
  expect(findBackend(new RuntimeContext({ client: copy }))).toBe(copy);
  for (const client of [undefined, null, 'client', {}])
    expect(findBackend(new RuntimeContext({ client }))).toBeUndefined();
});

it('makes no model anew, and takes no other for it, when its name may be that of another', async () => {
  const { backend, server } = await startBackend({
    faults: [{ method: 'POST', path: '/models/', nth: 2, after: true }],
  });
  await backend.models.create({ name: 'm' });
  const lost = await rejection(backend.models.create({ name: 'm' }, { isNameNew: false }));
  expect(lost).toMatchObject({ code: 'backend_outcome_unknown' });
  expect(server.state.created.models).toHaveLength(2);
});

it('deletes data units and models by API v2, and counts what is gone as done', async () => {
  const { backend, server, paths } = await startBackend();
  const [unit] = await backend.dataUnits.create([{ data_collection: 5, files: {} }]);
  const model = await backend.models.create({ name: 'm' });
  expect([await backend.dataUnits.delete(unit?.id ?? ''), await backend.dataUnits.delete(unit?.id ?? '')]).toEqual([
    true,
    false,
  ]);
  expect([await backend.models.delete(model.id), await backend.models.delete(model.id)]).toEqual([true, false]);
  expect(paths().slice(2)).toEqual([
    'DELETE /v2/data-units/501/ 204',
    'DELETE /v2/data-units/501/ 404',
    'DELETE /v2/models/701/ 204',
    'DELETE /v2/models/701/ 404',
  ]);
  expect(server.left()).toEqual({});
});

it.each([
  [true, ['deleted', 'gone']],
  [false, ['kept', 'kept']],
  ['missing' as const, ['kept', 'kept']],
])('tells whether the backend deletes data files (%s)', async (deletes_data_files, outcomes) => {
  const { backend } = await startBackend({ state: { deletes_data_files } });
  const { id = '', checksum } = await backend.dataFiles.upload(bytesSource('a.txt', Buffer.from('a')));
  const file = { id, checksum };
  expect([await backend.dataFiles.delete(file), await backend.dataFiles.delete(file)]).toEqual(outcomes);
});

it.each([
  [true, ['deleted', 'gone']],
  [false, ['kept', 'kept']],
  ['missing' as const, ['kept', 'kept']],
])('tells whether the backend deletes uploads in chunks (%s)', async (deletes_chunked_uploads, outcomes) => {
  const { backend } = await startBackend({ state: { deletes_chunked_uploads } });
  const { id } = await backend.chunkedUploads.upload(bytesSource('a.txt', Buffer.from('a')));
  expect([await backend.chunkedUploads.delete(id), await backend.chunkedUploads.delete(id)]).toEqual(outcomes);
});
