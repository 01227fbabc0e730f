import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { expect, it } from 'vitest';
import { BackendUnderTest, COLLECTION, digest } from './backend-under-test.js';

const hello = Buffer.from('hello');

it('makes a data file of what was put to a presigned address, once however often it is confirmed', async () => {
  await using test = await BackendUnderTest.open();
  const { key, urls } = await test.presign(hello.length, 'Größe &?#%.jpg');
  const put = await test.ask('PUT', urls[0] ?? '', hello);
  expect([put.status, put.headers.get('etag')]).toEqual([200, `"${digest('md5', hello)}"`]);
  const first = await test.confirm(key, hello);
  const again = await test.confirm(key, hello);
  expect(first).toEqual({
    file_key: key,
    checksum: digest('sha1', hello),
    data_file_id: 1,
    success: true,
    error: null,
  });
  expect(again).toEqual(first);
  const { body } = await test.ask('GET', 'data_files/1/');
  expect(body).toMatchObject({ id: 1, size: 5, checksum: digest('sha1', hello) });
  expect((await test.ask('GET', body.file)).body).toBe('hello');
  expect(await test.stored()).toEqual({ files: [digest('sha256', hello)], incoming: [] });
});

it('confirms nothing that did not come, is another size, or other bytes', async () => {
  await using test = await BackendUnderTest.open();
  const errorOf = async (key: string, bytes: Buffer): Promise<string | null> => (await test.confirm(key, bytes)).error;
  const { key, urls } = await test.presign(5);
  expect(await errorOf(key, hello)).toBe('Nothing has been uploaded to this key.');
  await test.ask('PUT', urls[0] ?? '', hello);
  expect(await errorOf(key, Buffer.from('hello!'))).toBe('5 bytes have come, not 6.');
  expect(await errorOf(key, Buffer.from('jello'))).toMatch(/^The bytes that have come have the SHA-1 aaf4c61d/);
  expect(await errorOf('nobody', hello)).toMatch(/^Nothing was reserved/);
  expect((await test.ask('GET', 'data_files/')).body.count).toBe(0);
});

it('takes a file in parts, in any order and again, and joins it', async () => {
  await using test = await BackendUnderTest.open({ limits: { partBytes: 4 } });
  const bytes = Buffer.from('0123456789');
  const { key, uploadId, urls } = await test.presign(bytes.length);
  expect(urls).toHaveLength(3);
  const put = async (index: number, text: string): Promise<string> =>
    (await test.ask('PUT', urls[index] ?? '', text)).headers.get('etag') ?? '';
  await put(1, 'wxyz');
  const parts = [await put(0, '0123'), await put(1, '4567'), await put(2, '89')];
  const multipart = { upload_id: uploadId, parts: parts.map((etag, index) => ({ part_number: index + 1, etag })) };
  const wrong = { ...multipart, parts: multipart.parts.map((part) => ({ ...part, etag: parts[0] })) };
  expect((await test.confirm(key, bytes, { multipart: wrong })).error).toMatch(/^Part 2 has the ETag/);
  const twice = await Promise.all([0, 1].map(async () => await test.confirm(key, bytes, { multipart })));
  expect(twice).toEqual([0, 1].map(() => expect.objectContaining({ success: true, data_file_id: 1 }) as unknown));
  const { body } = await test.ask('GET', 'data_files/1/');
  expect((await fetch(body.file)).headers.get('content-length')).toBe('10');
  expect(await (await fetch(body.file)).text()).toBe('0123456789');
  expect((await test.stored()).incoming).toEqual([]);
});

it('refuses a part that is too short, and a file of which one part is missing', async () => {
  await using test = await BackendUnderTest.open({ limits: { partBytes: 4 } });
  const { key, uploadId, urls } = await test.presign(8);
  const short = await test.ask('PUT', urls[0] ?? '', 'abc');
  expect([short.status, short.body]).toEqual([400, expect.stringContaining('<Code>EntityTooSmall</Code>')]);
  const etag = (await test.ask('PUT', urls[0] ?? '', 'abcd')).headers.get('etag');
  const multipart = { upload_id: uploadId, parts: [{ part_number: 1, etag }] };
  const { error } = await test.confirm(key, Buffer.from('abcdefgh'), { multipart });
  expect(error).toBe('Part 2 of 2 has not come.');
});

it('hashes what is there when a part comes again with other bytes, and lets nobody write one twice at once', async () => {
  await using test = await BackendUnderTest.open({ limits: { partBytes: 4 } });
  const { key, uploadId, urls } = await test.presign(8);
  const slow = request(urls[0] ?? '', { method: 'PUT', headers: { 'content-length': '4' } });
  slow.write('ab');
  await expect.poll(async () => (await test.stored()).incoming.length).toBe(1);
  const twice = await test.ask('PUT', urls[0] ?? '', 'wxyz');
  expect([twice.status, twice.body]).toEqual([503, expect.stringContaining('<Code>SlowDown</Code>')]);
  const second = (await test.ask('PUT', urls[1] ?? '', 'efgh')).headers.get('etag');
  slow.end('cd');
  const [{ headers }] = (await once(slow, 'response')) as [IncomingMessage];
  const parts = [headers.etag, second].map((etag, index) => ({ part_number: index + 1, etag }));
  const multipart = { upload_id: uploadId, parts };
  await test.ask('PUT', urls[1] ?? '', 'efgh');
  expect((await test.confirm(key, Buffer.from('abcdwxyz'), { multipart })).error).toMatch(/^The bytes that have come/);
  expect((await test.confirm(key, Buffer.from('abcdefgh'), { multipart })).success).toBe(true);
});

it('goes on with parts and chunks after a restart', async () => {
  await using test = await BackendUnderTest.open({ limits: { partBytes: 4 } });
  const { key, uploadId, urls } = await test.presign(8);
  const first = (await test.ask('PUT', urls[0] ?? '', 'abcd')).headers.get('etag');
  const { body: chunked } = await test.with(range(0, 2, 6)).ask('PUT', 'chunked_upload/', form('abc', 'f.bin'));
  await test.restart();
  // The port is another one, the signature stands for the path alone.
  const url = urls[1]?.replace(/^http:\/\/[^/]+/, test.backend.url) ?? '';
  const second = (await test.ask('PUT', url, 'efgh')).headers.get('etag');
  const parts = [first, second].map((etag, index) => ({ part_number: index + 1, etag }));
  const result = await test.confirm(key, Buffer.from('abcdefgh'), { multipart: { upload_id: uploadId, parts } });
  expect(result).toMatchObject({ success: true });

  expect((await test.ask('GET', `chunked_upload/${chunked.id}/`)).body).toMatchObject({
    offset: 3,
    completed_at: null,
  });
  await test.with(range(3, 5, 6)).ask('PUT', `chunked_upload/${chunked.id}/`, form('def'));
  const { body: done } = await test.ask('POST', `chunked_upload/${chunked.id}/`, { md5: digest('md5', 'abcdef') });
  expect(done).toMatchObject({
    size: 6,
    checksum: digest('md5', 'abcdef'),
    completed_at: expect.any(String) as string,
  });
});

it('takes a file in chunks; ending it and using it give the same answer again', async () => {
  await using test = await BackendUnderTest.open();
  const { body: first } = await test.with(range(0, 2, 5)).ask('PUT', 'chunked_upload/', form('abc', 'weights.pt'));
  expect(first).toMatchObject({
    id: 1,
    offset: 3,
    filename: 'weights.pt',
    url: `${test.backend.url}/chunked_upload/1/`,
  });
  const gap = await test.with(range(4, 4, 5)).ask('PUT', first.url, form('x'));
  expect([gap.status, gap.body]).toEqual([400, { detail: 'This upload goes on at 3, not at 4.', offset: 3 }]);
  const early = await test.ask('POST', first.url, { md5: digest('md5', 'abc') });
  expect([early.status, early.body.detail]).toEqual([400, 'Of 5 bytes only 3 have come.']);
  await test.with(range(3, 4, 5)).ask('PUT', first.url, form('de'));
  expect((await test.ask('POST', first.url, { md5: digest('md5', 'other') })).status).toBe(400);
  const { body: done } = await test.ask('POST', first.url, { md5: digest('md5', 'abcde') });
  expect((await test.ask('POST', first.url, { md5: digest('md5', 'abcde') })).body).toEqual(done);
  expect((await test.with(range(5, 5, 6)).ask('PUT', first.url, form('f'))).status).toBe(409);
  const file = await test.ask('POST', 'data_files/', { chunked_upload: 1 });
  expect([file.status, file.body.checksum]).toEqual([201, digest('md5', 'abcde')]);
  expect((await test.ask('POST', 'data_files/', { chunked_upload: 1 })).body.id).toBe(file.body.id);
  expect((await test.ask('GET', 'data_files/')).body.count).toBe(1);
});

it('deletes an upload in chunks, finished or not, with its bytes; one that became a file or a model goes with that', async () => {
  await using test = await BackendUnderTest.open();
  const { body: begun } = await test.with(range(0, 2, 5)).ask('PUT', 'chunked_upload/', form('abc', 'f.bin'));
  expect((await test.ask('DELETE', `v2/chunked-uploads/${begun.id}/`)).status).toBe(204);
  expect(await test.stored()).toEqual({ files: [], incoming: [] });
  expect((await test.ask('GET', begun.url)).status).toBe(404);
  expect((await test.ask('DELETE', `v2/chunked-uploads/${begun.id}/`)).status).toBe(404);

  const finish = async (): Promise<number> => {
    const { body } = await test.with(range(0, 4, 5)).ask('PUT', 'chunked_upload/', form('hello', 'f.bin'));
    await test.ask('POST', body.url, { md5: digest('md5', hello) });
    return body.id;
  };
  const [unused, used, trained] = [await finish(), await finish(), await finish()];
  await test.ask('POST', 'data_files/', { chunked_upload: used });
  const { body: model } = await test.ask('POST', 'models/', { name: 'm', chunked_upload: trained });
  expect((await test.ask('DELETE', `v2/chunked-uploads/${unused}/`)).status).toBe(204);
  const refused = await Promise.all([used, trained].map((id) => test.ask('DELETE', `v2/chunked-uploads/${id}/`)));
  expect(refused.map(({ status, body }) => [status, body.detail])).toEqual([
    [409, 'The data file 1 was made of this upload. Delete that.'],
    [409, 'The model 1 was made of this upload. Delete that.'],
  ]);
  expect((await test.stored()).files).toEqual([digest('sha256', hello)]);
  await test.ask('DELETE', `v2/models/${model.id}/`);
  await test.ask('DELETE', 'v2/data-files/1/');
  expect((await test.ask('DELETE', `v2/chunked-uploads/${trained}/`)).status).toBe(404);
  expect(await test.stored()).toEqual({ files: [], incoming: [] });
});

it('takes a whole file in a form, and finds it by any of its checksums', async () => {
  await using test = await BackendUnderTest.open();
  const { status, body } = await test.ask('POST', 'data_files/', form('hello', undefined, 'x.txt'));
  expect([status, body]).toEqual([201, expect.objectContaining({ id: 1, checksum: digest('md5', hello), size: 5 })]);
  const checksums = ['md5', 'sha1', 'sha256'].map((name) => digest(name, hello));
  const known = await test.ask('POST', 'data_files/verify_checksums/', { checksums: [...checksums, 'none'] });
  expect(known.body).toEqual({ existing_checksums: checksums });
  const { body: listed } = await test.ask('GET', `data_files/?checksum=${checksums[1]}`);
  expect(listed.results.map(({ id }) => id)).toEqual([1]);
});

it('removes the bytes with the last thing that points to them, and not before', async () => {
  await using test = await BackendUnderTest.open();
  await test.seed(COLLECTION);
  const [first, second] = [await test.upload(hello), await test.upload(hello, 'copy.jpg')];
  const { body: file } = await test.ask('GET', `data_files/${first}/`);
  const unit = { data_collection: 1, files: { image: { checksum: digest('sha1', hello), path: '/a.jpg' } } };
  const { body: units } = await test.ask('POST', 'data_units/', [unit]);
  expect((await test.ask('DELETE', `v2/data-files/${first}/`)).status).toBe(204);
  const used = await test.ask('DELETE', `v2/data-files/${second}/`);
  expect([used.status, used.body.detail]).toEqual([409, 'Data units use this file (1). Delete those first.']);
  expect((await test.stored()).files).toHaveLength(1);
  expect((await test.ask('DELETE', `v2/data-units/${units[0]?.id}/`)).status).toBe(204);
  expect((await test.ask('DELETE', `v2/data-files/${second}/`)).status).toBe(204);
  expect(await test.stored()).toEqual({ files: [], incoming: [] });
  expect((await test.ask('GET', file.file)).status).toBe(404);
  expect((await test.ask('DELETE', `v2/data-files/${second}/`)).status).toBe(404);
  expect(await test.upload(hello), 'ids are not given out twice').toBe(3);
});

it('removes what was put and is put again otherwise', async () => {
  await using test = await BackendUnderTest.open();
  const { key, urls } = await test.presign(5);
  await test.ask('PUT', urls[0] ?? '', 'first');
  await test.ask('PUT', urls[0] ?? '', hello);
  expect((await test.stored()).files).toEqual([digest('sha256', hello)]);
  await test.confirm(key, hello);
  const late = await test.ask('PUT', urls[0] ?? '', 'later');
  expect([late.status, late.body]).toEqual([400, expect.stringContaining('was confirmed')]);
});

it('answers parts of a file, and its head alone', async () => {
  await using test = await BackendUnderTest.open();
  const id = await test.upload(Buffer.from('0123456789'));
  const { body } = await test.ask('GET', `data_files/${id}/`);
  const part = async (text: string): Promise<unknown[]> => {
    const response = await fetch(body.file, { headers: { range: text } });
    return [response.status, response.headers.get('content-range'), await response.text()];
  };
  expect(await part('bytes=4-6')).toEqual([206, 'bytes 4-6/10', '456']);
  expect(await part('bytes=7-')).toEqual([206, 'bytes 7-9/10', '789']);
  expect(await part('bytes=-2')).toEqual([206, 'bytes 8-9/10', '89']);
  expect((await part('bytes=10-'))[0]).toBe(416);
  const head = await fetch(body.file, { method: 'HEAD' });
  expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '10', '']);
  const empty = await test.ask('GET', `data_files/${await test.upload(Buffer.alloc(0))}/`);
  expect(await (await fetch(empty.body.file)).text()).toBe('');
});

function form(text: string, filename?: string, partName = 'file'): FormData {
  const data = new FormData();
  if (filename !== undefined) data.set('filename', filename);
  data.set('file', new Blob([text]), partName);
  return data;
}

function range(first: number, last: number, total: number): Record<string, string> {
  return { 'content-range': `bytes ${first}-${last}/${total}` };
}
