import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, it } from 'vitest';

import { ALLOWED, makeSparseFile, MIB, peakMemory } from '../../../test-fixtures/memory/peak-memory.js';
import { folderOf, startTestBackend } from '../test/start-test-backend.js';

const SMALL = 16 * MIB;
const LARGE = 320 * MIB;
const program = fileURLToPath(new URL('../test/memory-probe.ts', import.meta.url));

const peak = (...args: readonly string[]): Promise<number> => peakMemory(program, ...args);

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

async function fileOf(size: number): Promise<string> {
  return await makeSparseFile(join(await folderOf({}), 'file.jpg'), size);
}
