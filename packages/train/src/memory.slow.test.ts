import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, it } from 'vitest';

import { ALLOWED, makeSparseFile, MIB, peakMemory } from '../../../test-fixtures/memory/peak-memory.js';
import { folderOf, startTestBackend } from '../test/train-run.js';

const SMALL = 16 * MIB;
const LARGE = 320 * MIB;
const program = fileURLToPath(new URL('../test/memory-probe.ts', import.meta.url));

it('a large model needs no more memory to be packed and sent', async () => {
  const { server } = await startTestBackend();
  const peakOf = async (size: number): Promise<number> =>
    await peakMemory(program, server.url, await makeSparseFile(join(await folderOf(), 'weights.bin'), size));
  const [small, large] = [await peakOf(SMALL), await peakOf(LARGE)];
  expect(server.state.created.models).toHaveLength(2);
  expect((large - small) / MIB).toBeLessThan(ALLOWED / MIB);
});
