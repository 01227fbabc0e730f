import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { describe, expect, it, onTestFinished, vi } from 'vitest';

import type { Fault } from '../../../test-fixtures/backend/fault.js';
import { rejection, startBackend } from '../test/start-backend.js';
import { bytesSource, type UploadSource } from './files/upload-source.js';

const hashOf = (algorithm: string, bytes: Uint8Array): string => createHash(algorithm).update(bytes).digest('hex');
const content = Buffer.from('\xff\xd8\xff\xe0image 1', 'latin1');
const a = bytesSource('a.jpg', content);

describe('through the backend', () => {
  it('a file is one form, with its length known beforehand', async () => {
    const { backend, server } = await startBackend();
    expect(await backend.dataFiles.upload(a)).toMatchObject({ id: 101, checksum: hashOf('md5', content), size: 11 });
    expect(server.requests).toEqual([
      {
        method: 'POST',
        path: '/data_files/',
        content_type: 'multipart/form-data',
        form: { fields: {}, files: [{ field: 'file', filename: 'a.jpg', size: 11, md5: hashOf('md5', content) }] },
        status: 201,
      },
    ]);
    expect(server.headers[0]).toMatchObject({ 'content-length': expect.stringMatching(/^\d+$/) as string });
  });

  it.each(['naïve 文件.jpg', 'with "quotes".jpg', "it's; a=b.jpg", 'new\nline\r.jpg'])(
    'the name %j arrives',
    async (name) => {
      const { backend, server } = await startBackend();
      await backend.dataFiles.upload(bytesSource(name, content));
      const sent = server.requests[0]?.form?.files[0]?.filename;
      expect(sent?.replaceAll('%22', '"').replaceAll('%0A', '\n').replaceAll('%0D', '\r')).toBe(name);
    },
  );

  it('an empty file is sent as well', async () => {
    const { backend } = await startBackend();
    expect(await backend.dataFiles.upload(bytesSource('empty.txt', Buffer.alloc(0)))).toMatchObject({ size: 0 });
  });

  it.each([
    ['was stored', true, 1],
    ['was not stored', false, 2],
  ])('a file that %s before the connection was lost is looked for by its checksum', async (_, after, posts) => {
    const { backend, server, paths } = await startBackend({
      faults: [{ method: 'POST', path: '/data_files/', after }],
    });
    expect(await backend.dataFiles.upload(a)).toMatchObject({ checksum: hashOf('md5', content) });
    expect(server.state.created.data_files).toHaveLength(1);
    expect(paths().filter((path) => path.startsWith('POST /data_files/ '))).toHaveLength(posts);
    expect(paths()).toContain('POST /data_files/verify_checksums/ 200');
  });

  it('a large file goes in chunks, each with its place', async () => {
    const bytes = randomBytes(2500);
    const { backend, server, paths } = await startBackend();
    const told: number[] = [];
    const options = { chunkAbove: 1000, chunkBytes: 1000, onBytes: (count: number) => void told.push(count) };
    expect(await backend.dataFiles.upload(bytesSource('b.bin', bytes), options)).toMatchObject({
      size: 2500,
      checksum: hashOf('md5', bytes),
    });
    expect(server.requests.slice(0, 3)).toMatchObject(
      [
        [0, 999],
        [1000, 1999],
        [2000, 2499],
      ].map(([first, last]) => ({
        content_range: `bytes ${first}-${last}/2500`,
        form: { fields: { filename: 'b.bin' }, files: [{ field: 'file', filename: 'file' }] },
      })),
    );
    expect(paths()).toEqual([
      'PUT /chunked_upload/ 200',
      'PUT /chunked_upload/301/ 200',
      'PUT /chunked_upload/301/ 200',
      'POST /chunked_upload/301/ 200',
      'POST /data_files/ 201',
    ]);
    expect(told).toEqual([1000, 2000, 2500]);
  });

  it.each([
    ['first chunk', { method: 'PUT', path: '/chunked_upload/' }],
    ['first chunk, after it was stored', { method: 'PUT', path: '/chunked_upload/', after: true }],
    ['second chunk', { method: 'PUT', path: '/chunked_upload/3*/' }],
    ['second chunk, after it was stored', { method: 'PUT', path: '/chunked_upload/3*/', after: true }],
    [
      'second chunk, by a proxy that lost its patience',
      { method: 'PUT', path: '/chunked_upload/3*/', status: 504, after: true },
    ],
    ['second chunk, by a 503', { method: 'PUT', path: '/chunked_upload/3*/', status: 503 }],
    ...[503, 500, 429].map((status): [string, Fault] => [
      `second chunk, by a ${status}, after it was stored`,
      { method: 'PUT', path: '/chunked_upload/3*/', status, after: true },
    ]),
    ['end', { method: 'POST', path: '/chunked_upload/3*/' }],
    ['end, after it was done', { method: 'POST', path: '/chunked_upload/3*/', after: true }],
    ['data file, after it was made', { method: 'POST', path: '/data_files/', after: true }],
  ])('the lost answer to the %s changes neither content nor count', async (_, fault) => {
    const bytes = randomBytes(2500);
    const { backend, server } = await startBackend({ faults: [fault] });
    const file = await backend.dataFiles.upload(bytesSource('b.bin', bytes), { chunkAbove: 0, chunkBytes: 1000 });
    expect(file.checksum).toBe(hashOf('md5', bytes));
    expect(server.state.created.data_files).toMatchObject([{ size: 2500, checksum: hashOf('md5', bytes) }]);
  });

  it('tells the id of an upload in chunks before the second chunk is sent', async () => {
    const { backend, paths } = await startBackend();
    const told: unknown[] = [];
    const onBegun = (id: unknown): void => void told.push(id, ...paths());
    await backend.chunkedUploads.upload(bytesSource('b.bin', randomBytes(2500)), { chunkBytes: 1000, onBegun });
    expect(told).toEqual([301, 'PUT /chunked_upload/ 200']);
  });

  it.each([
    ['its first chunk was refused', [{ status: 400 }], 1],
    ['an earlier try may have arrived', [{ status: 503 }, { status: 400 }], 0],
    ['nobody answered the first chunk', [{ status: 0, after: true, times: 99 }], 0],
  ])('tells of an upload in chunks whether surely nothing of it is there: %s', async (_, answers, count) => {
    const faults = answers.map((answer) => ({ method: 'PUT', path: '/chunked_upload/', times: 1, ...answer }));
    const { backend } = await startBackend({ faults });
    const onNotBegun = vi.fn<() => void>();
    await rejection(backend.chunkedUploads.upload(a, { onNotBegun }));
    expect(onNotBegun).toHaveBeenCalledTimes(count);
  });

  it('a chunk that the backend has counted otherwise ends the upload', async () => {
    const { backend } = await startBackend({
      faults: [{ method: 'PUT', path: '/chunked_upload/', status: 200, body: { id: 1, url: '', offset: 7 } }],
    });
    expect(await rejection(backend.chunkedUploads.upload(a))).toMatchObject({ code: 'backend_answer_invalid' });
  });
});

describe('by presigned addresses', () => {
  it('a file goes to the store without any token, with its type, and its SHA-1 is confirmed', async () => {
    const { backend, server } = await startBackend();
    const { files } = await backend.presignedUploads.presign([
      { filename: 'a.jpg', size: 11, content_type: 'image/jpeg' },
    ]);
    const target = files[0];
    if (!target) throw new Error('no address');
    const stored = await backend.presignedUploads.put(target, a, { contentType: 'image/jpeg' });
    expect(await backend.presignedUploads.confirm([stored])).toMatchObject([{ data_file_id: 101, success: true }]);
    const sha1 = hashOf('sha1', content);
    expect(server.requests).toMatchObject([
      {
        path: '/data_files/presigned_upload/upload/',
        json: { files: [{ filename: 'a.jpg', size: 11 }], expiration: 3600 },
      },
      { path: '/_storage/0001-a.jpg', auth: false, bytes: { size: 11, sha1 }, content_type: 'image/jpeg' },
      {
        path: '/data_files/presigned_upload/confirm_upload/',
        json: { files: [{ file_key: '0001-a.jpg', checksum: sha1, size: 11 }] },
      },
    ]);
    expect(Object.keys(server.headers[1] ?? {}).filter((name) => /authorization|synapse/.test(name))).toEqual([]);
  });

  it('a file above the backend’s limit goes in parts, one after the other', async () => {
    const { backend, server } = await startBackend({
      state: { multipart_over: 10 },
      faults: [{ method: 'PUT', path: '/_storage/*', nth: 2, status: 503 }],
    });
    const stored = await put(backend, a);
    expect(stored).toEqual({
      file_key: '0001-a.jpg',
      checksum: hashOf('sha1', content),
      size: 11,
      multipart: {
        upload_id: 'mp-0001-a.jpg',
        parts: [
          { part_number: 1, etag: '"0001-a.jpg"' },
          { part_number: 2, etag: '"0001-a.jpg"' },
        ],
      },
    });
    expect(server.requests.slice(1).map(({ bytes, status }) => [bytes?.size, status])).toEqual([
      [10, 200],
      [1, 503],
      [1, 200],
    ]);
  });

  it.each([
    ['503', { status: 503 }, 2],
    ['closed connection', { status: 0 }, 2],
    ['403 of a proxy', { status: 403, body: { detail: 'proxy' } }, 2],
    ['429', { status: 429, xml: '<Error><Code>SlowDown</Code></Error>' }, 2],
  ])('a PUT is repeated after a %s', async (_, fault, puts) => {
    const { backend, server } = await startBackend({ faults: [{ method: 'PUT', path: '/_storage/*', ...fault }] });
    expect(await put(backend, a)).toMatchObject({ checksum: hashOf('sha1', content) });
    expect(server.requests.filter(({ method }) => method === 'PUT')).toHaveLength(puts);
  });

  it('a PUT is tried as often as the caller says', async () => {
    const { backend, server } = await startBackend({
      faults: [{ method: 'PUT', path: '/_storage/*', status: 503, times: 9 }],
    });
    const { files } = await backend.presignedUploads.presign([{ filename: a.name, size: a.size }]);
    for (const target of files) {
      await rejection(backend.presignedUploads.put(target, a, { retries: 1 }));
    }
    expect(server.requests.filter(({ method }) => method === 'PUT')).toHaveLength(2);
  });

  it('what the store itself refuses is not repeated, and nothing of what was signed is told', async () => {
    const xml =
      '<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>Request has expired</Message><StringToSign>top-secret</StringToSign></Error>';
    const { backend, server } = await startBackend({
      faults: [{ method: 'PUT', path: '/_storage/*', status: 403, xml, times: 9 }],
    });
    const error = await rejection(put(backend, a));
    expect(error).toMatchObject({
      code: 'storage_refused',
      status: 403,
      path: '/_storage/0001-a.jpg',
      detail: { code: 'AccessDenied', message: 'Request has expired' },
      message: expect.stringContaining(
        '403: AccessDenied, Request has expired. An address that has expired must be asked for anew.',
      ) as string,
    });
    expect(JSON.stringify(error) + String(error)).not.toMatch(/top-secret|signature/);
    expect(server.requests.filter(({ method }) => method === 'PUT')).toHaveLength(1);
  });

  it('the query of an address is not told, whoever repeats it', async () => {
    const { backend } = await startBackend({}, { retries: 0 });
    const signed = 'key?X-Amz-Signature=0123456789abcdef0123';
    const repeating = createServer((request, response) => {
      request.resume().once('end', () => response.writeHead(403).end(`Sorry: ${request.url} is not allowed here`));
    });
    await new Promise<void>((resolve) => repeating.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void repeating.close());
    const { port } = repeating.address() as AddressInfo;
    const hosts = [`127.0.0.1:${port}`, `user:password@127.0.0.1:${port}`];
    const errors = hosts.map((host) =>
      rejection(
        backend.presignedUploads.put({ filename: 'a', file_key: 'a', presigned_url: `http://${host}/${signed}` }, a),
      ),
    );
    errors.push(rejection(backend.downloads.toFile(`http://${hosts[1]}/${signed}`, 'never-written')));
    for (const error of await Promise.all(errors)) {
      expect(error).toMatchObject({ path: '/key' });
      expect(JSON.stringify(error) + String(error)).not.toMatch(/0123456789abcdef|password/);
    }
  });

  it.each([true, false])('a lost answer to the confirmation is looked up (after the work: %s)', async (after) => {
    const { backend, server } = await startBackend({
      faults: [{ method: 'POST', path: '/data_files/presigned_upload/confirm_upload/', status: 504, after }],
    });
    const stored = [await put(backend, a), await put(backend, bytesSource('b.jpg', Buffer.from('b')))];
    const confirmed = await backend.presignedUploads.confirm(stored);
    expect(confirmed.map(({ success }) => success)).toEqual([true, true]);
    expect(server.state.created.data_files).toHaveLength(2);
  });

  it('a backend without an object store says so', async () => {
    const { backend } = await startBackend({ state: { presigned: false } });
    expect(await rejection(put(backend, a))).toMatchObject({
      status: 400,
      detail: { code: 'presigned_not_supported' },
    });
  });
});

async function put(backend: Awaited<ReturnType<typeof startBackend>>['backend'], source: UploadSource) {
  const { files } = await backend.presignedUploads.presign([{ filename: source.name, size: source.size }]);
  if (!files[0]) throw new Error('no address');
  return backend.presignedUploads.put(files[0], source);
}
