import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import fc from 'fast-check';
import { expect, it } from 'vitest';

import { testFolder } from '../../test/start-dataset-backend.js';
import { saveFile } from './save-file.js';

async function* chunksOf(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (let index = 0; at < bytes.length; index += 1) {
    const end = at + (sizes[index % sizes.length] ?? 1);
    yield bytes.subarray(at, end);
    at = end;
  }
}

it('writes all bytes in whatever pieces they come, over what was there, and gives the first ones', async () => {
  const path = join(await testFolder(), 'file');
  await writeFile(path, 'x'.repeat(2_000_000));
  const length = fc.oneof(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 250_000, max: 1_500_000 }));
  const sizes = fc.array(fc.integer({ min: 20_000, max: 300_000 }), { minLength: 1, maxLength: 5 });
  const property = fc.asyncProperty(length, sizes, async (count, pieces) => {
    const bytes = Buffer.alloc(count, 'some pattern that does not repeat with the pieces');
    const { size, start } = await saveFile(chunksOf(bytes, pieces), path);
    expect((await readFile(path)).equals(bytes)).toBe(true);
    expect(size).toBe(count);
    expect(start.length).toBeLessThanOrEqual(600_000);
    expect(start.length >= Math.min(count, 256 * 1024)).toBe(true);
    expect(bytes.subarray(0, start.length).equals(start)).toBe(true);
  });
  await fc.assert(property, { numRuns: 40 });
});

it.runIf(process.platform === 'linux')('holds no file open when what arrives breaks off', async () => {
  const path = join(await testFolder(), 'file');
  const lost = new Error('lost');
  const broken = async function* (): AsyncGenerator<Uint8Array> {
    yield* chunksOf(Buffer.alloc(600_000), [300_000]);
    throw lost;
  };
  const before = (await readdir('/proc/self/fd')).length;
  for (let count = 0; count < 20; count += 1) await expect(saveFile(broken(), path)).rejects.toBe(lost);
  expect((await readdir('/proc/self/fd')).length).toBeLessThan(before + 10);
});
