import { mkdtemp, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';

import { ALLOWED, makeSparseFile, MIB, peakMemory } from '../../../test-fixtures/memory/peak-memory.js';
import { startBackend } from '../test/start-backend.js';

const SMALL = 16 * MIB;
const LARGE = 768 * MIB;
const program = fileURLToPath(new URL('../test/memory-probe.ts', import.meta.url));

const peak = (...args: readonly string[]): Promise<number> => peakMemory(program, ...args);

it.each(['presigned', 'form', 'chunks'])('sending by way of %s needs no more memory for a large file', async (way) => {
  const { server } = await startBackend();
  const small = await peak(server.url, way, await fileOf(SMALL));
  const large = await peak(server.url, way, await fileOf(LARGE));
  expect(server.state.created.data_files.map(({ size }) => size)).toEqual([SMALL, LARGE]);
  expect((large - small) / MIB).toBeLessThan(ALLOWED / MIB);
});

it('receiving needs no more memory for a large file', async () => {
  const folder = await temporaryFolder();
  const peaks = [];
  for (const size of [SMALL, LARGE]) {
    peaks.push(await peak(await serverOf(size), 'download', join(folder, 'file')));
    expect((await stat(join(folder, 'file'))).size).toBe(size);
  }
  expect(((peaks[1] ?? Infinity) - (peaks[0] ?? 0)) / MIB).toBeLessThan(ALLOWED / MIB);
});

async function fileOf(size: number): Promise<string> {
  return await makeSparseFile(join(await temporaryFolder(), 'file'), size);
}

async function serverOf(size: number): Promise<string> {
  const piece = Buffer.alloc(MIB);
  const server = createServer((_, response) => {
    response.setHeader('Content-Length', size);
    Readable.from(Array.from({ length: size / MIB }, () => piece)).pipe(response);
  });
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'backend-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}
