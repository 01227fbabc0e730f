import { execFile } from 'node:child_process';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { expect, it } from 'vitest';

import { folderOf, startTestBackend } from '../test/start-test-backend.js';

const MIB = 2 ** 20;
const SMALL = 16 * MIB;
const LARGE = 320 * MIB;
/** What a process may need more for a file that much larger: room for what the collector has not got round to. */
const ALLOWED = 128 * MIB;

const program = fileURLToPath(new URL('../test/memory-probe.ts', import.meta.url));
const sources = ['--conditions=@synapse-steps/source', '--import', import.meta.resolve('tsx')];

async function peak(...args: readonly string[]): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, [...sources, program, ...args], { timeout: 100_000 });
  return (JSON.parse(stdout) as { peakBytes: number }).peakBytes;
}

it.each(['presigned', 'form', 'chunks'])(
  'an upload by way of %s needs no more memory for a large file',
  async (way) => {
    const { server } = await startTestBackend();
    const small = await peak(server.url, way, await fileOf(SMALL));
    const large = await peak(server.url, way, await fileOf(LARGE));
    expect(server.state.created.data_files.map(({ size }) => size)).toEqual([SMALL, LARGE]);
    expect((large - small) / MIB).toBeLessThan(ALLOWED / MIB);
  },
);

/** A sparse file: as large as it says, and nothing on the disk. */
async function fileOf(size: number): Promise<string> {
  const path = join(await folderOf({}), 'file.jpg');
  const file = await open(path, 'w');
  await file.truncate(size);
  await file.close();
  return path;
}
