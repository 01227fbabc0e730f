import { type FileHandle, mkdir, open, rm, stat, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { once } from 'node:events';
import { request } from 'node:http';
import { expect, it, onTestFinished, vi } from 'vitest';
import { startLocalBackend } from '../src/index.js';
import { BackendUnderTest, digest } from './backend-under-test.js';

it('keeps nothing of what was put to one address by two at once but the one that won', async () => {
  await using test = await BackendUnderTest.open();
  const { key, urls } = await test.presign(5);
  const url = urls[0] ?? '';
  const slow = beginPut(url, ['fi', 'rst']);
  await slow.begun;
  expect((await test.ask('PUT', url, 'other')).status).toBe(200);
  expect(await slow.end()).toBe(200);
  expect((await test.stored()).files).toEqual([digest('sha256', 'first')]);
  expect((await test.confirm(key, Buffer.from('first'))).success).toBe(true);
});

it('does not say that it stored what came after the confirmation', async () => {
  await using test = await BackendUnderTest.open();
  const { key, urls } = await test.presign(5);
  const url = urls[0] ?? '';
  const slow = beginPut(url, ['ot', 'her']);
  await slow.begun;
  await test.ask('PUT', url, 'first');
  expect((await test.confirm(key, Buffer.from('first'))).success).toBe(true);
  expect(await slow.end()).toBe(400);
  expect(await test.stored()).toEqual({ files: [digest('sha256', 'first')], incoming: [] });
});

it('keeps nothing of a first chunk whose form breaks off behind it', async () => {
  await using test = await BackendUnderTest.open();
  const chunk = '--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nhello\r\n--b\r\n';
  const headers = { 'content-type': 'multipart/form-data; boundary=b', 'content-range': 'bytes 0-4/10' };
  const slow = beginPut(`${test.backend.url}/chunked_upload/`, [chunk, 'Content-Dispo'], headers);
  await expect.poll(async () => (await test.stored()).incoming).toHaveLength(1);
  expect(await slow.end()).toBe(400);
  expect(await test.stored()).toEqual({ files: [], incoming: [] });
});

it('deletes an upload whose next chunk is on its way, once that has broken off', async () => {
  await using test = await BackendUnderTest.open();
  const form = new FormData();
  form.set('file', new Blob(['hello']), 'a');
  const begun = await test.with({ 'content-range': 'bytes 0-4/10' }).ask('PUT', 'chunked_upload/', form);
  const chunk = '--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n';
  const headers = { 'content-type': 'multipart/form-data; boundary=b', 'content-range': 'bytes 5-9/10' };
  const slow = beginPut(begun.body.url, [`${chunk}${'w'.repeat(100)}`, 'or'], headers);
  await slow.begun;
  await expect.poll(async () => (await test.with({}).ask('POST', begun.body.url, { md5: 'any' })).status).toBe(409);
  const deleted = test.ask('DELETE', `v2/chunked-uploads/${begun.body.id}/`);
  expect(await slow.end()).toBe(400);
  expect((await deleted).status).toBe(204);
  expect(await test.stored()).toEqual({ files: [], incoming: [] });
});

it('refuses a Content-Range with numbers that no file has', async () => {
  const failures: unknown[] = [];
  await using test = await BackendUnderTest.open({ onFailure: (error) => failures.push(error) });
  const form = new FormData();
  form.set('file', new Blob(['hello']), 'a');
  const range = { 'content-range': 'bytes 0-4/99999999999999999999999' };
  expect((await test.with(range).ask('PUT', 'chunked_upload/', form)).status).toBe(413);
  expect(failures).toEqual([]);
  expect((await test.stored()).incoming).toEqual([]);
});

it('leaves neither a listener nor a lock when it cannot start', async () => {
  await using test = await BackendUnderTest.open();
  const { port } = test.backend;
  await test.backend.close();
  await mkdir(join(test.dir, 'owner.json', 'in-the-way'), { recursive: true });
  await expect(startLocalBackend({ dir: test.dir, port })).rejects.toMatchObject({ code: 'folder_unusable' });
  expect(await isListening(port)).toBe(false);
  await rm(join(test.dir, 'owner.json'), { recursive: true });
  await using again = await startLocalBackend({ dir: test.dir, port });
  expect(again.port).toBe(port);
});

it('seeds one file after the other, also when both are asked for at once', async () => {
  await using test = await BackendUnderTest.open();
  await writeFile(join(test.folder, 'a.txt'), 'a');
  const files = ['first', 'second'].map((name) => join(test.folder, `${name}.yaml`));
  for (const file of files) {
    const name = basename(file, '.yaml');
    await writeFile(
      file,
      `datasets: [{ name: ${name}, events: [{ files: { image: a.txt }, data: { of: ${name} } }] }]`,
    );
  }
  const seeds = await Promise.all(files.map((file) => test.backend.seed(file)));
  expect(seeds.flat().map(({ id }) => id)).toEqual([1, 2]);
  for (const [id, name] of [
    [1, 'first'],
    [2, 'second'],
  ] as const) {
    const { body } = await test.ask('GET', `sdk/ground_truth_events/?ground_truth_dataset_versions=${id}`);
    expect(body.results.map(({ data }) => data)).toEqual([{ of: name }]);
  }
});

it('makes the name of a chunk or part durable before it answers', async () => {
  await using test = await BackendUnderTest.open({ limits: { partBytes: 4 } });
  const { urls } = await test.presign(8);
  const incoming = join(test.dir, 'incoming');
  const synced = await watchSyncs();
  const form = new FormData();
  form.set('file', new Blob(['hello']), 'a');
  expect((await test.ask('PUT', 'chunked_upload/', form)).status).toBe(200);
  expect(synced.splice(0)).toContain((await stat(incoming)).ino);
  expect((await test.ask('PUT', urls[0] ?? '', 'abcd')).status).toBe(200);
  expect(synced).toContain((await stat(incoming)).ino);
});

/** Inodes of what is synced from now on. */
async function watchSyncs(): Promise<number[]> {
  const synced: number[] = [];
  const handle = await open(tmpdir(), 'r');
  const prototype = Object.getPrototypeOf(handle) as FileHandle;
  await handle.close();
  const sync = prototype.sync; // eslint-disable-line @typescript-eslint/unbound-method
  const spy = vi.spyOn(prototype, 'sync').mockImplementation(async function watched(this: FileHandle) {
    synced.push((await this.stat()).ino);
    await sync.call(this);
  });
  onTestFinished(() => spy.mockRestore());
  return synced;
}

interface SlowPut {
  readonly begun: Promise<void>;
  readonly end: () => Promise<number>;
}

/** A PUT of which some bytes are on their way, and the rest comes when it is told to. */
function beginPut(
  url: string,
  [first, rest]: readonly [string, string],
  headers: Record<string, string> = {},
): SlowPut {
  const put = request(url, { method: 'PUT', headers: { ...headers, 'content-length': first.length + rest.length } });
  const answered = once(put, 'response') as Promise<[{ statusCode: number; resume: () => void }]>;
  const begun = new Promise<void>((resolve) => put.write(first, () => resolve()));
  const end = async (): Promise<number> => {
    put.end(rest);
    const [response] = await answered;
    response.resume();
    return response.statusCode;
  };
  return { begun, end };
}

async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    return await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    });
  } finally {
    socket.destroy();
  }
}
