import { appendFile, mkdir, rename, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { startEmbeddedBackend } from '../../test/start-embedded-backend.js';
import { contextFor, groupOf, uploadGroups } from '../../test/upload-run.js';

const PRESIGN = '/data_files/presigned_upload/upload/';
const NAMES = ['a', 'b', 'c', 'd'];
const FILES = Object.fromEntries(NAMES.map((name) => [`${name}.jpg`, `image ${name}`]));

const groupsIn = (root: string, names = NAMES) => names.map((name) => groupOf({ images: join(root, `${name}.jpg`) }));

it('a file that is too large for the backend does not keep the others from the object store', async () => {
  const { client, root, proxy } = await startEmbeddedBackend({ ...FILES, 'big.jpg': 'x'.repeat(2000) }, [], {
    limits: { fileBytes: 1000 },
  });
  const context = contextFor(client, groupsIn(root, ['a', 'big', 'b', 'c', 'd']), { data_collection: 1 });
  await uploadGroups(context);
  expect(context.lostFiles.map(({ key }) => key)).toEqual(['big']);
  expect(context.lostFiles[0]?.reason).toMatch(/413/);
  expect(context.dataUnits).toHaveLength(4);
  expect(proxy.log.filter((line) => line.startsWith('POST /data_files/ 201'))).toEqual([]);
});

it('one refusal of addresses does not switch the object store off', async () => {
  const { client, root, proxy } = await startEmbeddedBackend(FILES, [{ method: 'POST', path: PRESIGN, status: 403 }]);
  const context = contextFor(client, groupsIn(root), { data_collection: 1, upload_batch_size: 2 });
  await uploadGroups(context);
  expect(context.dataUnits).toHaveLength(4);
  expect(proxy.log.filter((line) => line.startsWith('PUT /_storage/')).length).toBeGreaterThanOrEqual(2);
});

it.each([401, 403, 404, 413, 429])(
  'when sending is answered %i the files are lost, in the words of the backend',
  async (status) => {
    const fault = { method: 'POST', status, times: 99, body: { detail: 'words of the backend' } };
    const faults = [
      { ...fault, path: PRESIGN },
      { ...fault, path: '/data_files/' },
    ];
    const { client, root, content } = await startEmbeddedBackend(FILES, faults);
    const context = contextFor(client, groupsIn(root), { data_collection: 1 });
    const { report } = await uploadGroups(context);
    expect(report.success).toBe(false);
    expect(report.error?.message).toContain('No files were successfully uploaded');
    expect(JSON.stringify(report)).toContain('words of the backend');
    expect(await content()).toMatchObject({ units: [], files: [], contents: [], incoming: [] });
  },
);

it('addresses that have expired are asked for anew', async () => {
  const { client, root, proxy, content } = await startEmbeddedBackend(FILES);
  const presign = client.presignedUploads.presign.bind(client.presignedUploads);
  let asked = 0;
  client.presignedUploads.presign = async (files, options) => {
    asked += 1;
    if (asked > 1) return await presign(files, options);
    const answer = await presign(files, { ...options, expiration: 1 });
    await expect.poll(() => Date.now() > Date.parse(answer.expires_at ?? ''), { timeout: 10_000 }).toBe(true);
    await expect.poll(() => Date.now() > Date.parse(answer.expires_at ?? '') + 1000, { timeout: 10_000 }).toBe(true);
    return answer;
  };
  const context = contextFor(client, groupsIn(root), { data_collection: 1 });
  await uploadGroups(context);
  expect(asked).toBe(2);
  expect(proxy.log.filter((line) => /^PUT .* 403/.test(line))).toHaveLength(4);
  expect(context.dataUnits).toHaveLength(4);
  expect((await content()).files).toHaveLength(4);
});

describe('a file that changes from outside', () => {
  it('and is a link out of the storage by now is not sent', async () => {
    const { client, dir, root } = await startEmbeddedBackend({ 'secret.jpg': 'a secret of this machine' });
    const images = join(dir, 'storage', 'set', 'images');
    await mkdir(images, { recursive: true });
    for (const name of ['a', 'b']) await writeFile(join(images, `${name}.jpg`), 'text');
    const context = contextFor(client, groupsIn(images, ['a', 'b']), { data_collection: 1 });
    context.storage = { id: 1, provider: 'file_system', folder: join(dir, 'storage') };
    await rename(join(images, 'a.jpg'), join(images, 'old.jpg'));
    await symlink(join(root, 'secret.jpg'), join(images, 'a.jpg'));
    await uploadGroups(context);
    expect(context.lostFiles).toMatchObject([{ key: 'a', reason: expect.stringContaining('leads out') as string }]);
    expect(context.dataUnits.map(({ key }) => key)).toEqual(['b']);
  });

  const LARGE = 'x'.repeat(600_000);
  const ways = [
    ['presigned', {}],
    ['through the backend', { extra_params: { use_presigned: false } }],
    ['in chunks', { max_file_size_mb: 0.25, extra_params: { use_presigned: false } }],
  ] as const;
  const changes = [
    ['grows', (path: string) => appendFile(path, 'more')],
    ['shrinks', (path: string) => truncate(path, 10)],
    ['is rewritten', (path: string) => utimes(path, 1, 1)],
  ] as const;

  it.each(ways.flatMap(([way, params]) => changes.map(([what, change]) => [what, way, { params, change }] as const)))(
    '%s while it is sent %s: is lost, and nothing of it stays',
    async (_, __, { params, change }) => {
      const { client, root, content } = await startEmbeddedBackend({ 'a.jpg': LARGE, 'b.jpg': 'image b' });
      const path = join(root, 'a.jpg');
      let isChanged = false;
      const send = client.dataFiles.upload.bind(client.dataFiles);
      client.dataFiles.upload = (source, options) => send(changing(source), options);
      const put = client.presignedUploads.put.bind(client.presignedUploads);
      client.presignedUploads.put = (target, source, options) => put(target, changing(source), options);
      const changing = <T extends { read(range?: { start: number; end: number }): AsyncIterable<Uint8Array> }>(
        source: T,
      ): T => ({
        ...source,
        async *read(range) {
          for await (const chunk of source.read(range)) {
            yield chunk;
            if (!isChanged && (source as { size?: number }).size === LARGE.length) {
              isChanged = true;
              await change(path);
            }
          }
        },
      });
      const context = contextFor(client, groupsIn(root, ['a', 'b']), { data_collection: 1, ...params });
      await uploadGroups(context);
      expect(context.lostFiles.map(({ key }) => key)).toEqual(['a']);
      expect(context.dataUnits.map(({ key }) => key)).toEqual(['b']);
      expect((await content()).files).toHaveLength(1);
    },
  );
});
