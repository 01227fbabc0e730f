import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startLocalBackend } from '../src/index.js';
import { BackendUnderTest, COLLECTION, digest } from './backend-under-test.js';

const hello = Buffer.from('hello');
const checksum = digest('sha1', hello);
const PRESIGN = 'data_files/presigned_upload/upload/';

it('has a storage in a fresh folder, and opens a session on it', async () => {
  await using test = await BackendUnderTest.open();
  const configuration = { location: `${test.backend.dir}/storage` };
  const storage = {
    id: 1,
    name: 'local',
    category: 'internal',
    provider: 'file_system',
    configuration,
    is_default: true,
  };
  expect((await test.ask('GET', 'storages/?category=internal')).body.results).toEqual([storage]);
  expect((await test.ask('GET', 'storages/1/?with_configuration=true')).body).toEqual(storage);
  const session = await test.ask('POST', 'storages/1/session/', { purpose: 'read' });
  expect(session.body).toEqual({ provider: 'file_system', configuration, expires_at: null, contract_version: 1 });
  expect((await test.ask('GET', 'storages/2/')).status).toBe(404);
  expect((await test.ask('POST', 'storages/x/session/', {})).status).toBe(404);
});

it('registers data units, all of a request or none', async () => {
  await using test = await BackendUnderTest.open();
  await test.seed(COLLECTION);
  await test.upload(hello);
  const good = {
    data_collection: 1,
    files: { image: { checksum, path: '/a.jpg' } },
    meta: { key: 1 },
    groups: ['day', 'one'],
  };
  const bad = { data_collection: 1, files: { picture: { checksum: '00' } } };
  const refused = await test.ask('POST', 'data_units/', [good, bad]);
  expect(refused.status).toBe(400);
  expect(refused.body).toEqual({
    1: {
      files: [
        "The collection has no specification 'picture'.",
        "The specification 'image' is required.",
        "No data file for 'picture' has the checksum 00.",
      ],
    },
  });
  expect((await test.ask('GET', 'data_units/?data_collection=1')).body.count).toBe(0);
  const made = await test.ask('POST', 'data_units/', good);
  expect([made.status, made.body]).toEqual([201, [expect.objectContaining({ id: 1, meta: { key: 1 }, group: 'one' })]]);
  expect(made.body[0]?.files['image']).toMatchObject({
    checksum,
    path: '/a.jpg',
    is_primary: true,
    file_type: 'image',
  });
  expect((await test.ask('GET', made.body[0]?.files['image']?.url ?? '')).body).toBe('hello');
  expect((await test.ask('GET', 'data_units/1/')).body).toEqual(made.body[0]);
  expect((await test.ask('POST', 'data_units/', { ...good, data_collection: 7 })).body).toEqual({
    data_collection: ['There is no data collection 7.'],
  });
});

it('answers in pages, forwards and backwards', async () => {
  await using test = await BackendUnderTest.open();
  await test.seed(COLLECTION);
  await test.upload(hello);
  const unit = { data_collection: 1, files: { image: { checksum } } };
  await test.ask('POST', 'data_units/', [unit, unit, unit, unit, unit]);
  const ids: number[] = [];
  let next: string | null = 'data_units/?data_collection=1&ordering=-id&page_size=2';
  while (next !== null) {
    const { body } = await test.ask('GET', next);
    expect(body.count).toBe(5);
    ids.push(...body.results.map(({ id }) => id));
    next = body.next;
  }
  expect(ids).toEqual([5, 4, 3, 2, 1]);
  expect((await test.ask('GET', `data_units/?checksum=${checksum}`)).body.count).toBe(5);
  expect((await test.ask('GET', 'data_units/?checksum=00')).body).toMatchObject({ count: 0, results: [] });
  expect((await test.ask('GET', 'data_units/?page=9')).status).toBe(404);
  expect((await test.ask('GET', 'data_units/?page_size=-1')).body).toEqual({
    page_size: ["Enter a whole number above 0, not '-1'."],
  });
  expect((await test.ask('GET', 'data_units/?ordering=meta')).status).toBe(400);
});

it('registers a model with the file that was sent before, the same request only once, and deletes both', async () => {
  await using test = await BackendUnderTest.open();
  const data = new FormData();
  data.set('filename', 'model.zip');
  data.set('file', new Blob(['weights']), 'file');
  await test.ask('PUT', 'chunked_upload/', data);
  const model = { name: 'm_1', plugin: 'trainer', version: '1.0.0', chunked_upload: 1, configuration: { epochs: 3 } };
  expect((await test.ask('POST', 'models/', model)).body).toEqual({ chunked_upload: ['Upload 1 is not finished.'] });
  await test.ask('POST', 'chunked_upload/1/', { md5: digest('md5', 'weights') });
  const { status, body } = await test.ask('POST', 'models/', model);
  expect([status, body]).toEqual([
    201,
    expect.objectContaining({ id: 1, name: 'm_1', plugin: 'trainer', configuration: { epochs: 3 } }),
  ]);
  expect(new URL(body.file).pathname).toMatch(/\/model\.zip$/);
  expect((await test.ask('POST', 'models/', model)).body.id).toBe(1);
  expect((await test.ask('POST', 'models/', { ...model, name: 'm_2' })).body).toEqual({
    chunked_upload: ['Upload 1 was used already.'],
  });
  expect((await test.ask('POST', 'models/', { name: 'm_3', checkpoint: 9 })).body).toEqual({
    checkpoint: ['There is no model 9.'],
  });
  expect((await test.ask('GET', 'models/?name=m_1')).body).toMatchObject({ count: 1, results: [{ id: 1 }] });
  expect((await test.ask('DELETE', 'v2/models/1/')).status).toBe(204);
  expect((await test.ask('DELETE', 'v2/models/1/')).status).toBe(404);
  expect(await test.stored()).toEqual({ files: [], incoming: [] });
});

it('keeps the progress, the metrics and the log lines of a job', async () => {
  await using test = await BackendUnderTest.open();
  const { status, body: job } = await test.ask('POST', 'jobs/', { action: 'upload' });
  expect([status, job]).toEqual([201, expect.objectContaining({ id: 1, status: 'PENDING', action: 'upload' })]);
  await test.ask('PATCH', 'jobs/1/', { progress_record: { current_progress: { overall: 5 } } });
  await test.ask('PATCH', 'jobs/1/', { status: 'RUNNING', metrics_record: { files: 1 } });
  expect((await test.ask('GET', 'jobs/1/')).body).toMatchObject({
    status: 'RUNNING',
    progress_record: { current_progress: { overall: 5 } },
    metrics_record: { files: 1 },
  });
  expect((await test.ask('PATCH', 'jobs/1/', { status: 'DONE' })).status).toBe(400);
  expect((await test.ask('PATCH', 'jobs/2/', {})).status).toBe(404);
  const line = { event: 'message', data: { content: 'x' }, datetime: '2030-01-01T00:00:00Z', job: 1 };
  expect((await test.ask('POST', 'logs/', [line, { ...line, level: 'error' }])).status).toBe(201);
  await test.ask('POST', 'logs/', { ...line, job: 2 });
  expect((await test.ask('GET', 'logs/?job=1')).body).toMatchObject({ count: 2, results: [line, { level: 'error' }] });
});

it('lets nobody in without the token, but honours signed addresses', async () => {
  await using test = await BackendUnderTest.open({ token: 'secret' });
  const asked = async (headers: Record<string, string>): Promise<number> =>
    (await test.with(headers).ask('GET', 'storages/')).status;
  expect(await asked({})).toBe(401);
  expect(await asked({ 'Synapse-Access-Token': 'Token other' })).toBe(401);
  expect(await asked({ 'Synapse-Access-Token': 'Token secret' })).toBe(200);
  expect(await asked({ Authorization: 'Token secret' })).toBe(200);
  expect(await asked({ Authorization: 'Bearer secret' })).toBe(200);
  const files = [{ filename: 'a.jpg', size: 5 }];
  const { body } = await test.with({ Authorization: 'Token secret' }).ask('POST', PRESIGN, { files });
  const url = body.files[0]?.presigned_url ?? '';
  const forged = await test.ask('PUT', url.replace('a.jpg', 'b.jpg'), hello);
  expect([forged.status, forged.body]).toEqual([403, expect.stringContaining('<Code>SignatureDoesNotMatch</Code>')]);
  expect((await test.ask('GET', url)).status).toBe(401); // an address to put to is none to read
  expect((await test.ask('PUT', url, hello)).status).toBe(200);
});

it('keeps web pages out, by their origin and by the name they use', async () => {
  await using test = await BackendUnderTest.open();
  const asked = async (headers: Record<string, string>): Promise<number | undefined> =>
    await new Promise((resolve, reject) => {
      request({ port: test.backend.port, host: '127.0.0.1', path: '/storages/', headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });
  expect(await asked({ host: 'evil.example' })).toBe(421);
  expect(await asked({ host: `localhost:${test.backend.port}` })).toBe(200);
  expect(await asked({ origin: 'http://evil.example' })).toBe(403);
  expect(await asked({ origin: 'null' })).toBe(403);
  expect(await asked({ origin: 'http://localhost:5173' })).toBe(403);
});

it('says what is wrong with a request, and stays up', async () => {
  await using test = await BackendUnderTest.open({ limits: { jsonBytes: 1000, fileBytes: 10 } });
  const json = { 'content-type': 'application/json' };
  expect((await test.with(json).ask('POST', 'logs/', '{"a":')).body.detail).toMatch(/^JSON parse error/);
  expect((await test.ask('POST', 'data_files/verify_checksums/', {})).body).toEqual({
    checksums: [expect.any(String)],
  });
  expect((await test.with(json).ask('POST', 'logs/', JSON.stringify('x'.repeat(2000)))).status).toBe(413);
  expect(
    (await test.with({ 'content-type': 'multipart/form-data' }).ask('POST', 'data_files/', 'no form')).status,
  ).toBe(400);
  expect((await test.ask('POST', 'data_files/', new FormData())).body).toEqual({ file: ['No file was submitted.'] });
  const cutOff = '--b\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\nabc';
  const broken = await test
    .with({ 'content-type': 'multipart/form-data; boundary=b' })
    .ask('POST', 'data_files/', cutOff);
  expect([broken.status, broken.body.detail]).toEqual([400, expect.stringMatching(/^Multipart form parse error/)]);
  const large = new FormData();
  large.set('file', new Blob(['x'.repeat(11)]), 'x');
  const refused = await test.ask('POST', 'data_files/', large);
  expect([refused.status, refused.body.detail]).toEqual([
    413,
    'More than 10 bytes were sent, which is as much as is allowed here.',
  ]);
  expect((await test.with({ 'content-range': 'bytes all' }).ask('PUT', 'chunked_upload/', large)).status).toBe(400);
  expect((await test.ask('GET', 'nothing/')).body).toEqual({ detail: 'Not found.' });
  expect(await test.stored()).toEqual({ files: [], incoming: [] });
});

it('never takes a name for a path', async () => {
  await using test = await BackendUnderTest.open();
  for (const name of [
    '../../../../etc/passwd',
    '..',
    'a/../../b\\c',
    '\u0000\n"',
    `${'ö'.repeat(400)}.jpg`,
    '😀'.repeat(150),
  ]) {
    const { body } = await test.ask('GET', `data_files/${await test.upload(Buffer.from(name), name)}/`);
    expect((await test.ask('GET', body.file)).body).toBe(name);
  }
  const { files } = await test.stored();
  expect(files.every((file) => /^[0-9a-f]{64}$/.test(file))).toBe(true);
});

it('refuses an empty token instead of letting everybody in', async () => {
  const starting = startLocalBackend({ dir: join(tmpdir(), 'never-made'), token: '' });
  await expect(starting).rejects.toMatchObject({ code: 'token_empty' });
});

it('refuses JSON that nests too deep, and goes on', async () => {
  await using test = await BackendUnderTest.open();
  const deep = `{"event":"x","data":{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}}`;
  const refused = await test.with({ 'content-type': 'application/json' }).ask('POST', 'logs/', deep);
  expect([refused.status, refused.body.detail.slice(0, 18)]).toEqual([400, 'JSON parse error -']);
  expect((await test.ask('GET', 'storages/')).status).toBe(200);
});
