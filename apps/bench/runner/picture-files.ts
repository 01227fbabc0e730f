import { randomFillSync } from 'node:crypto';
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';

export interface PictureFiles {
  readonly count: number;
  /** Of each. */
  readonly bytes: number;
}

const BLOCK = 2 ** 20;
/** How a JPEG begins, for whoever looks. */
const start = Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex');

/** Fills a folder with files that no store has seen, no two of them alike. */
export async function writePictureFiles(folder: string, { count, bytes }: PictureFiles): Promise<void> {
  await mkdir(folder, { recursive: true });
  const block = Buffer.alloc(BLOCK);
  for (let index = 0; index < count; index += 1) {
    await using file = await open(join(folder, `picture-${String(index).padStart(5, '0')}.jpg`), 'w');
    for (let written = 0; written < bytes; written += BLOCK) {
      randomFillSync(block);
      if (written === 0) start.copy(block);
      await file.writeFile(block.subarray(0, Math.min(BLOCK, bytes - written)));
    }
  }
}
