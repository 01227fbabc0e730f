import { randomBytes } from 'node:crypto';
import { BackendClient, bytesSource } from '@synapse-steps/backend';
import { expect, it } from 'vitest';
import { BackendUnderTest, COLLECTION, digest } from './backend-under-test.js';

it('gets along with our own client, in every way of sending, and is empty again after the deletes', async () => {
  await using test = await BackendUnderTest.open({ token: 'word', limits: { partBytes: 40_000 } });
  await test.seed(COLLECTION);
  const client = new BackendClient({ host: test.backend.url, token: 'word' });
  const bytes = randomBytes(100_000);
  const source = bytesSource('a.jpg', bytes);

  const { files } = await client.presignedUploads.presign([{ filename: source.name, size: source.size }]);
  expect(files[0]?.multipart?.parts).toHaveLength(3);
  if (files[0] === undefined) throw new Error('There is no address.');
  const [confirmed] = await client.presignedUploads.confirm([await client.presignedUploads.put(files[0], source)]);
  const whole = await client.dataFiles.upload(source);
  const chunked = await client.dataFiles.upload(source, { chunkAbove: 1, chunkBytes: 30_000 });
  expect([whole.checksum, chunked.checksum]).toEqual([digest('md5', bytes), digest('md5', bytes)]);
  expect((await test.stored()).files).toEqual([digest('sha256', bytes)]);

  const unit = {
    data_collection: 1,
    files: { image: { checksum: digest('sha1', bytes), path: '/a.jpg' } },
    meta: { key: 'a' },
  };
  const [made] = await client.dataUnits.create([unit]);
  const ids = [confirmed?.data_file_id, whole.id, chunked.id];
  const last = ids.pop() ?? 0;
  for (const id of ids) {
    expect(await client.dataFiles.delete({ id: id ?? 0, checksum: whole.checksum })).toBe('deleted');
  }
  await expect(client.dataFiles.delete({ id: last, checksum: whole.checksum })).rejects.toMatchObject({ status: 409 });
  await client.dataUnits.delete(made?.id ?? 0);
  await client.dataFiles.delete({ id: last, checksum: whole.checksum });
  expect(await test.stored()).toEqual({ files: [], incoming: [] });
});
