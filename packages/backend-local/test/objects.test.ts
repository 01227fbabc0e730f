import { expect, it } from 'vitest';
import { BackendUnderTest } from './backend-under-test.js';

const hello = Buffer.from('hello');

it('deletes an object that was not confirmed, whole or in parts, and says so again', async () => {
  await using test = await BackendUnderTest.open({ limits: { partBytes: 4 } });
  const whole = await test.presign(3);
  await test.ask('PUT', whole.urls[0] ?? '', 'abc');
  const parts = await test.presign(hello.length);
  await test.ask('PUT', parts.urls[0] ?? '', hello.subarray(0, 4));
  const stored = await test.stored();
  expect([stored.files.length, stored.incoming.length]).toEqual([1, 1]);
  for (const key of [whole.key, parts.key, whole.key])
    expect((await test.ask('DELETE', `v2/objects/${encodeURIComponent(key)}/`)).status).toBe(204);
  expect(await test.stored()).toEqual({ files: [], incoming: [] });
  expect((await test.ask('PUT', parts.urls[1] ?? '', hello.subarray(4))).status).toBe(404);
  expect(await test.stored()).toEqual({ files: [], incoming: [] });
});

it('names the data file that was made of an object, and leaves it', async () => {
  await using test = await BackendUnderTest.open();
  const { key, urls } = await test.presign(hello.length);
  await test.ask('PUT', urls[0] ?? '', hello);
  await test.confirm(key, hello);
  const { status, body } = await test.ask('DELETE', `v2/objects/${encodeURIComponent(key)}/`);
  expect([status, body]).toEqual([
    409,
    { detail: 'The data file 1 was made of this object. Delete that.', data_file: 1 },
  ]);
  expect((await test.stored()).files).toHaveLength(1);
});
