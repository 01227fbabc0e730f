import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { folderSize } from './folder-size.js';

it('adds up the files of all levels, without what the installer keeps for itself at the top', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'folder-size-'));
  try {
    await mkdir(join(folder, 'a', '.b'), { recursive: true });
    await writeFile(join(folder, 'a', 'one'), 'x'.repeat(10));
    await writeFile(join(folder, 'a', '.b', 'two'), 'x'.repeat(5));
    await writeFile(join(folder, '.package-lock.json'), 'x'.repeat(1000));
    expect(await folderSize(folder)).toBe(15);
  } finally {
    await rm(folder, { recursive: true });
  }
});
