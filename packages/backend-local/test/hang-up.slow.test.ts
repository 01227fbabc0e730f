import { once } from 'node:events';
import { request, type ClientRequest } from 'node:http';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { BackendUnderTest } from './backend-under-test.js';

const FORM = { 'content-type': 'multipart/form-data; boundary=b' };
const HEAD = '--b\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n';

it('stores nothing of a request that breaks off, however it was sent', async () => {
  const failures: unknown[] = [];
  await using test = await BackendUnderTest.open({ onFailure: (error) => failures.push(error) });
  const { key, urls } = await test.presign(1000);
  const ways = [
    begun('PUT', urls[0] ?? '', { first: 'half' }),
    begun('POST', `${test.backend.url}/data_files/`, { headers: FORM, first: `${HEAD}half` }),
    begun('PUT', `${test.backend.url}/chunked_upload/`, { headers: FORM, first: `${HEAD}half` }),
    begun('POST', `${test.backend.url}/logs/`, { headers: { 'content-type': 'application/json' }, first: '{"a' }),
  ];
  await expect.poll(async () => (await test.stored()).incoming.length).toBe(3);
  for (const sending of ways) sending.destroy();
  await expect.poll(async () => (await test.stored()).incoming.length).toBe(0);
  expect((await test.confirm(key, Buffer.alloc(1000))).error).toBe('Nothing has been uploaded to this key.');
  expect((await test.ask('GET', 'data_files/')).body.count).toBe(0);
  expect((await test.ask('GET', 'chunked_upload/1/')).status).toBe(404);
  expect(failures).toEqual([]);
});

it('waits for what is under way when it is closed, but not for ever', async () => {
  await using test = await BackendUnderTest.open();
  const { urls } = await test.presign(1000);
  const stalled = begun('PUT', urls[0] ?? '', { first: 'half' });
  await expect.poll(async () => (await test.stored()).incoming.length).toBe(1);
  const cutOff = once(stalled, 'error');
  await test.backend.close();
  await cutOff;
  expect((await test.stored()).incoming).toEqual([]);
  await test.restart();
  expect((await test.ask('GET', 'data_files/')).body.count).toBe(0);
});

it('stays up after what is no HTTP at all', async () => {
  await using test = await BackendUnderTest.open();
  const socket = connect(test.backend.port, '127.0.0.1');
  socket.write('\u0000\u0001 nonsense\r\n\r\n');
  const [answer] = (await once(socket, 'data')) as [Buffer];
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 400 /);
  expect((await test.ask('GET', 'storages/')).status).toBe(200);
});

interface Beginning {
  readonly headers?: Readonly<Record<string, string>>;
  readonly first: string;
}

/** A request of 1,000 bytes of which only the first have been sent. */
function begun(method: string, url: string, { headers = {}, first }: Beginning): ClientRequest {
  const sending = request(url, { method, headers: { ...headers, 'content-length': '1000' } });
  sending.on('error', () => undefined); // the test breaks it off
  sending.write(first);
  return sending;
}
