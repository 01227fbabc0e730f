import { execFile } from 'node:child_process';
import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';

import { startBackend } from '../test/start-backend.js';

const MIB = 2 ** 20;
const SMALL = 16 * MIB;
const LARGE = 768 * MIB;
/** What a process may need more for a file fifty times as large: room for what the collector has not got round to. */
const ALLOWED = 128 * MIB;

const program = fileURLToPath(new URL('../test/memory-probe.ts', import.meta.url));
const sources = ['--conditions=@synapse-steps/source', '--import', import.meta.resolve('tsx')];

async function peak(...args: readonly string[]): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, [...sources, program, ...args], { timeout: 100_000 });
  return (JSON.parse(stdout) as { peakBytes: number }).peakBytes;
}

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

/** A sparse file: as large as it says, and nothing on the disk. */
async function fileOf(size: number): Promise<string> {
  const path = join(await temporaryFolder(), 'file');
  const file = await open(path, 'w');
  await file.truncate(size);
  await file.close();
  return path;
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
