import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { eventOf, startDatasetBackend, testFolder } from '../../test/start-dataset-backend.js';
import { downloadDataset } from './download-dataset.js';
import type { DownloadProgress } from './download-log.js';

describe('downloadDataset', () => {
  it('puts each split into its own folder, asks with its conditions, and tells how far it is', async () => {
    const { server, client, nameOf } = await startDatasetBackend({
      events: [eventOf(1, 'one.png'), eventOf(2, 'two.png', 'validation')],
    });
    const outputDir = join(await testFolder(), 'out');
    const progress: DownloadProgress[] = [];
    const events: string[] = [];
    const result = await downloadDataset({
      client,
      dataset: 11,
      outputDir,
      splits: { train: { tag: 'x', no: null }, valid: null, holdout: {} },
      onProgress: (step) => progress.push(step),
      log: { event: (name) => events.push(name), message: (code) => events.push(code) },
    });
    expect(result).toMatchObject({ path: outputDir, isCategorized: true, count: 2, isCached: false, reused: false });
    expect((await readdir(outputDir, { recursive: true })).filter((name) => name.includes('.')).sort()).toEqual([
      `train/json/${nameOf('one.png')}.json`,
      `train/original_files/${nameOf('one.png')}.png`,
      `valid/json/${nameOf('two.png')}.json`,
      `valid/original_files/${nameOf('two.png')}.png`,
    ]);
    expect(await readdir(join(outputDir, 'holdout'))).toEqual(['json', 'original_files']);
    const lists = server.requests.flatMap(({ path, query }) => (path.startsWith('/sdk') ? [query?.slice(5)] : []));
    expect(lists).toEqual([
      [
        ['category', 'train'],
        ['tag', 'x'],
        ['page_size', '100'],
      ],
      [
        ['category', 'validation'],
        ['page_size', '100'],
      ],
      [
        ['category', 'holdout'],
        ['page_size', '100'],
      ],
    ]);
    expect(progress.map(({ phase, percent }) => `${phase} ${percent}`).slice(0, 7)).toEqual(
      ['init 0', 'init 1', 'fetch 2', 'fetch 5', 'fetch 50', 'download 50', 'download 100'], // prettier-ignore
    );
    expect(progress.map(({ overall }) => overall)).toEqual(
      progress.map(({ overall }) => overall).sort((a, b) => a - b),
    );
    expect(events.at(0)).toBe('download_start');
    expect(events.at(-1)).toBe('DATASET_DOWNLOAD_COMPLETED');
  });

  it('gives two events with one picture a name each, and fetches the picture once', async () => {
    const { server, client, nameOf } = await startDatasetBackend({
      events: [eventOf(1, 'one.png'), eventOf(2, 'one.png')],
    });
    const outputDir = join(await testFolder(), 'out');
    expect(await downloadDataset({ client, dataset: 11, outputDir })).toMatchObject({ count: 2 });
    const stem = nameOf('one.png');
    expect((await readdir(join(outputDir, 'json'))).sort()).toEqual([`${stem}.json`, `${stem}_2.json`]);
    expect((await readdir(join(outputDir, 'original_files'))).sort()).toEqual([`${stem}.png`, `${stem}_2.png`]);
    expect(JSON.parse(await readFile(join(outputDir, 'json', `${stem}_2.json`), 'utf8'))).toMatchObject({
      images: [{ bounding_box: [{ id: 'b2' }] }],
    });
    expect(server.requests.filter(({ path }) => path === '/_files/one.png')).toHaveLength(1);
  });

  it('says which file cannot be fetched, and leaves nothing', async () => {
    const { client } = await startDatasetBackend({ events: [eventOf(1, 'one.png'), eventOf(2, 'gone.png')] });
    const root = await testFolder();
    await expect(downloadDataset({ client, dataset: 11, outputDir: join(root, 'out') })).rejects.toMatchObject({
      code: 'download_failed',
      message: expect.stringMatching(/event 2 .*gone\.png.* 404/) as string,
    });
    expect(await readdir(root)).toEqual([]);
  });

  it('takes what has not changed from the cache, and puts what has beside it', async () => {
    const events = [eventOf(1, 'one.png')];
    const cacheDir = await testFolder();
    const first = await startDatasetBackend({ events });
    const fresh = await downloadDataset({ client: first.client, dataset: 11, cacheDir });
    const again = await downloadDataset({ client: first.client, dataset: 11, cacheDir });
    expect([fresh, again]).toMatchObject([
      { path: join(cacheDir, '11'), reused: false, isCached: true, count: 1 },
      { path: join(cacheDir, '11'), reused: true, count: 1 },
    ]);
    expect(first.server.requests.map(({ path }) => path)).toEqual([
      '/sdk/ground_truth_events/',
      '/_files/one.png',
      '/sdk/ground_truth_events/',
    ]);
    const second = await startDatasetBackend({ events: [...events, eventOf(2, 'two.png')] });
    const changed = await downloadDataset({ client: second.client, dataset: 11, cacheDir });
    expect(changed).toMatchObject({ reused: false, count: 2 });
    expect((await readdir(cacheDir)).sort()).toEqual(['11', changed.path.slice(cacheDir.length + 1)]);
  });
});
