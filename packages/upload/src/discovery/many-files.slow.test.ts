import { link } from 'node:fs/promises';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { expect, it } from 'vitest';

import { temporaryFolder, type TemporaryFolder } from '../../test/temporary-folder.js';
import { DefaultFileDiscoveryStrategy } from './default-file-discovery-strategy.js';
import { walkFolder } from './walk-folder.js';

const FOLDERS = 20;
const FILES = 5000;
const MEGABYTE = 1024 * 1024;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** In each folder names of one and the same file, which is faster than as many files. */
async function writeMany(folder: TemporaryFolder): Promise<void> {
  for (let number = 0; number < FOLDERS; number += 1) {
    const path = join(folder.path, `images/folder-${number}`);
    const file = await folder.write(`images/folder-${number}/picture-${number}.jpg`, 'x');
    const names = Array.from({ length: FILES - 1 }, (_, index) => join(path, `picture-${number}-${index}.jpg`));
    await Promise.all(names.map((name) => link(file, name)));
  }
}

function heap(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed / MEGABYTE;
}

it('walks a hundred thousand files while it holds next to nothing, and groups them within a kilobyte for each', async () => {
  await using folder = await temporaryFolder();
  await writeMany(folder);
  const options = { isRecursive: true, storageFolder: folder.path, onLeftOut: (): void => undefined };
  const before = heap();
  let count = 0;
  let most = 0;
  for await (const { path } of walkFolder(join(folder.path, 'images'), options)) {
    count += path === '' ? 0 : 1;
    if (count % 20_000 === 0) most = Math.max(most, heap() - before);
  }
  expect(count).toBe(FOLDERS * FILES);
  expect(most).toBeLessThan(10);

  const discovery = await new DefaultFileDiscoveryStrategy().discover({
    places: [{ spec: 'images', folder: join(folder.path, 'images'), isRecursive: true }],
    specifications: [{ name: 'images', is_required: true }],
    storageFolder: folder.path,
    signal: new AbortController().signal,
  });
  expect(discovery.groups).toHaveLength(FOLDERS * FILES);
  expect(discovery.leftOut).toEqual([]);
  expect(heap() - before).toBeLessThan(100);
});
