import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Libsql from 'libsql';
import { expect, it, onTestFinished } from 'vitest';
import { LocalBackendError, seedLocalBackend, startLocalBackend } from '../src/index.js';
import { BackendUnderTest, COLLECTION, digest } from './backend-under-test.js';

const hello = Buffer.from('hello');

it('gives a folder one owner, and says who that is', async () => {
  await using test = await BackendUnderTest.open();
  const second = startLocalBackend({ dir: test.dir });
  await expect(second).rejects.toThrow(
    `${test.backend.dir} is in use by another embedded backend (process ${process.pid}, at ${test.backend.url})`,
  );
  await expect(second).rejects.toMatchObject({ code: 'folder_in_use' });
  await expect(seedLocalBackend({ dir: test.dir, file: 'seed.yaml' })).rejects.toBeInstanceOf(LocalBackendError);
  expect((await test.ask('GET', 'storages/')).status).toBe(200);
});

it('refuses a folder that holds other things, and touches none of them', async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'files'));
  await writeFile(join(folder, 'files', 'mine.txt'), 'mine');
  await expect(startLocalBackend({ dir: folder })).rejects.toMatchObject({ code: 'folder_unusable' });
  await expect(startLocalBackend({ dir: join(folder, 'files', 'mine.txt') })).rejects.toMatchObject({
    code: 'folder_unusable',
  });
  expect(await readdir(join(folder, 'files'))).toEqual(['mine.txt']);
});

it('refuses a folder that a newer version has written, or that is damaged', async () => {
  const folder = await temporaryFolder();
  const database = new Libsql(join(folder, 'backend.db'));
  database.exec('PRAGMA user_version = 99');
  database.close();
  await expect(startLocalBackend({ dir: folder })).rejects.toThrow(
    'written by a newer version of the backend (format 99',
  );
  await writeFile(
    join(folder, 'backend.db'),
    'no database at all, but long enough to be looked at by SQLite'.repeat(20),
  );
  await expect(startLocalBackend({ dir: folder })).rejects.toMatchObject({ code: 'folder_unusable' });
});

it('says that a port is taken, and gives the folder free again', async () => {
  await using test = await BackendUnderTest.open();
  const folder = await temporaryFolder();
  const taken = startLocalBackend({ dir: folder, port: test.backend.port });
  await expect(taken).rejects.toMatchObject({
    code: 'port_in_use',
    message: expect.stringContaining('Take another one, or 0') as string,
  });
  await using other = await startLocalBackend({ dir: folder });
  expect(other.port).not.toBe(test.backend.port);
});

it('keeps everything over a restart, and clears away what a crash has left', async () => {
  await using test = await BackendUnderTest.open();
  await test.upload(hello);
  await writeFile(join(test.dir, 'incoming', 'half'), 'half a file');
  await writeFile(join(test.dir, 'files', 'f'.repeat(64)), 'a file without a row');
  await test.restart();
  const { body } = await test.ask('GET', 'data_files/1/');
  expect((await test.ask('GET', body.file)).body).toBe('hello');
  expect(await test.stored()).toEqual({ files: [digest('sha256', hello)], incoming: [] });
});

it('shows no data of what was deleted once it is closed', async () => {
  await using test = await BackendUnderTest.open();
  await test.seed(COLLECTION);
  await test.upload(hello);
  const files = { image: { checksum: digest('sha1', hello), path: '/a-path-to-forget.jpg' } };
  await test.ask('POST', 'data_units/', { data_collection: 1, files, meta: { secret: 'to-be-forgotten' } });
  await test.ask('DELETE', 'v2/data-units/1/');
  await test.backend.close();
  const bytes = await readFile(join(test.dir, 'backend.db'));
  expect(bytes.includes('Pictures')).toBe(true);
  for (const gone of ['to-be-forgotten', 'a-path-to-forget']) expect(bytes.includes(gone)).toBe(false);
  expect(await readdir(test.dir)).not.toContain('backend.db-wal');
});

it('answers 507 when a file would take the room that is to stay free, and stores nothing of it', async () => {
  await using test = await BackendUnderTest.open({ keepFreeBytes: Number.MAX_SAFE_INTEGER });
  const presign = await test.ask('POST', 'data_files/presigned_upload/upload/', {
    files: [{ filename: 'a', size: 5 }],
  });
  expect([presign.status, presign.body.detail]).toEqual([
    507,
    expect.stringContaining('The disk of the backend is full'),
  ]);
  const form = new FormData();
  form.set('file', new Blob(['hello']), 'x');
  expect((await test.ask('POST', 'data_files/', form)).status).toBe(507);
  expect((await test.ask('PUT', 'chunked_upload/', form)).status).toBe(507);
  expect(await test.stored()).toEqual({ files: [], incoming: [] });
  expect((await test.ask('GET', 'storages/')).status).toBe(200);
});

it('reports bytes that were removed behind its back', async () => {
  const failures: unknown[] = [];
  await using test = await BackendUnderTest.open({ onFailure: (error) => failures.push(error) });
  const { body } = await test.ask('GET', `data_files/${await test.upload(hello)}/`);
  await rm(join(test.dir, 'files', digest('sha256', hello)));
  expect((await test.ask('GET', body.file)).status).toBe(500);
  expect(failures).toEqual([expect.objectContaining({ code: 'ENOENT' })]);
});

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'backend-local-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
