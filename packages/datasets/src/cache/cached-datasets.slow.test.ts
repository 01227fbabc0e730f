import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { eventOf, startDatasetBackend, testFolder } from '../../test/start-dataset-backend.js';
import { convertDataset } from '../convert/convert-dataset.js';
import { downloadDataset } from '../download/download-dataset.js';
import { clearCachedDatasets } from './clear-cached-datasets.js';
import { listCachedDatasets } from './list-cached-datasets.js';

const DAY = 24 * 60 * 60 * 1000;
const HOST = hostname().replace(/[^\w-]/gu, '-');
const OF_THE_DEAD = `.12.${HOST}.2147483647.a-b.part`;

/** A cache with a data set in two formats, another one that was last used ten days ago, and something else. */
async function cacheOfTwo(): Promise<{ readonly cacheDir: string; readonly path: string }> {
  const cacheDir = await testFolder({ 'notes/mine.txt': 'stays' });
  const { client } = await startDatasetBackend({ events: [eventOf(1, 'one.png')] });
  const { path } = await downloadDataset({ client, dataset: 11, cacheDir });
  await convertDataset({ from: 'dm_v2', to: 'yolo', input: path, output: `${path}_yolo`, reuse: true });
  const old = await downloadDataset({ client, dataset: 11, splits: { train: {} }, cacheDir });
  const then = new Date(Date.now() - 10 * DAY);
  await utimes(join(old.path, '.complete'), then, then);
  return { cacheDir, path };
}

describe('a cache of data sets', () => {
  it('shows what is in it, the last used first, and what that takes', async () => {
    const { cacheDir, path } = await cacheOfTwo();
    const found = await listCachedDatasets({ cacheDir });
    expect(found).toMatchObject([
      { folder: path, conversions: [`${path}_yolo`], isComplete: true, dataset: 11, count: 1 },
      { folder: `${path}_train`, conversions: [], isComplete: true, dataset: 11, count: 1 },
    ]);
    expect(found[0]?.bytes).toBeGreaterThan(100);
    expect(await listCachedDatasets({ cacheDir: join(cacheDir, 'nowhere') })).toEqual([]);
  });

  it('is cleared of what nobody has used for a while; else of all that is ours', async () => {
    const { cacheDir, path } = await cacheOfTwo();
    const old = await clearCachedDatasets({ cacheDir, unusedForMs: 5 * DAY });
    expect(old.map(({ folder }) => folder)).toEqual([`${path}_train`]);
    expect((await readdir(cacheDir)).sort()).toEqual(['11', '11_yolo', 'notes']);
    expect(await clearCachedDatasets({ cacheDir })).toMatchObject([{ folder: path }]);
    expect(await readdir(cacheDir)).toEqual(['notes']);
  });

  it('loses what killed processes left, and not what is being made', async () => {
    const live = `.12.${HOST}.${process.pid}.a-b.part`;
    const elsewhere = '.12.another-machine.1.a-b.part';
    const long = '.12.another-machine.2.a-b.part';
    const cacheDir = await testFolder();
    for (const name of [OF_THE_DEAD, '.13.kept', live, elsewhere, long]) {
      await mkdir(join(cacheDir, name));
      await writeFile(join(cacheDir, name, 'a'), 'b');
    }
    const then = new Date(Date.now() - 2 * DAY);
    for (const name of ['a', '.']) await utimes(join(cacheDir, long, name), then, then);
    expect((await listCachedDatasets({ cacheDir })).map(({ isComplete }) => isComplete)).toEqual(Array(5).fill(false));
    expect(await clearCachedDatasets({ cacheDir, unusedForMs: 5 * DAY })).toEqual([]);
    expect(await clearCachedDatasets({ cacheDir })).toHaveLength(3);
    expect((await readdir(cacheDir)).sort()).toEqual([live, elsewhere].sort());
  });

  it('is there again after it was cleared', async () => {
    const cacheDir = await testFolder();
    const { client } = await startDatasetBackend({ events: [eventOf(1, 'one.png')] });
    const { path } = await downloadDataset({ client, dataset: 11, cacheDir });
    await clearCachedDatasets({ cacheDir });
    expect(await downloadDataset({ client, dataset: 11, cacheDir })).toMatchObject({ path, reused: false, count: 1 });
  });
});
