import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';

import { rejection, startBackend } from '../../test/start-backend.js';

const state = { served_files: { 'big.bin': { size: 3_000_000, fill: 'x' }, 'new.txt': { text: 'new' } } };

it('writes what is at an address to a file, and sends no token there', async () => {
  const { backend, server } = await startBackend({ state });
  const folder = await temporaryFolder();
  expect(await backend.downloads.toFile(`${server.url}/_files/big.bin`, join(folder, 'big.bin'))).toBe(3_000_000);
  expect(await readFile(join(folder, 'big.bin'), 'utf8')).toBe('x'.repeat(3_000_000));
  expect(server.requests).toMatchObject([{ auth: false }]);
});

it.each([
  ['is cut off', { after: true, truncated: true }],
  ['does not come', { status: 0 }],
  ['is a 503', { status: 503 }],
])('begins again when the answer %s', async (_, fault) => {
  const { backend, server } = await startBackend({
    state,
    faults: [{ method: 'GET', path: '/_files/*', times: 2, ...fault }],
  });
  const folder = await temporaryFolder();
  await backend.downloads.toFile(`${server.url}/_files/big.bin`, join(folder, 'big.bin'));
  expect((await readFile(join(folder, 'big.bin'))).length).toBe(3_000_000);
  expect(await readdir(folder)).toEqual(['big.bin']);
});

it('hands over what arrives, and begins again with another answer when one is cut off', async () => {
  const fault = { method: 'GET', path: '/_files/*', after: true, truncated: true, times: 1 };
  const { backend, server } = await startBackend({ state, faults: [fault] });
  const tries: { length: number; isWhole: boolean }[] = [];
  const take = async (chunks: AsyncIterable<Uint8Array>): Promise<string> => {
    const read = { length: 0, isWhole: false };
    tries.push(read);
    for await (const chunk of chunks) read.length += chunk.length;
    read.isWhole = true;
    return 'taken';
  };
  expect(await backend.downloads.read(`${server.url}/_files/big.bin`, take)).toBe('taken');
  expect(tries.map(({ isWhole }) => isWhole)).toEqual([false, true]);
  expect(tries[1]?.length).toBe(3_000_000);
});

it('does not call again for what goes wrong with whoever takes it', async () => {
  const { backend, server } = await startBackend({ state });
  const full = new Error('no space');
  const read = backend.downloads.read(`${server.url}/_files/new.txt`, () => Promise.reject(full));
  await expect(read).rejects.toBe(full);
  expect(server.requests).toHaveLength(1);
});

it('leaves the old file, and no half one, when it fails', async () => {
  const { backend, server } = await startBackend({
    state,
    faults: [{ method: 'GET', path: '/_files/*', after: true, truncated: true, times: 9 }],
  });
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'big.bin'), 'old');
  const error = await rejection(
    backend.downloads.toFile(`${server.url}/_files/big.bin?signature=s`, join(folder, 'big.bin')),
  );
  expect(error).toMatchObject({ code: 'backend_no_answer', path: '/_files/big.bin' });
  expect(String(error)).not.toContain('signature');
  expect(await readdir(folder)).toEqual(['big.bin']);
  expect(await readFile(join(folder, 'big.bin'), 'utf8')).toBe('old');
});

it('does not repeat a 404, and says where it was', async () => {
  const { backend, server } = await startBackend({ state });
  const folder = await temporaryFolder();
  expect(await rejection(backend.downloads.toFile(`${server.url}/_files/gone.png`, join(folder, 'x')))).toMatchObject({
    status: 404,
    message: 'GET /_files/gone.png was refused with 404.',
  });
  expect(server.requests).toHaveLength(1);
});

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'backend-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}
