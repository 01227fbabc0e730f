import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { BackendClient } from '@synapse-steps/backend';
import { startLocalBackend } from '@synapse-steps/backend-local';
import { RuntimeContext } from '@synapse-steps/core';
import { expect, it, onTestFinished } from 'vitest';

import { DatasetAction } from '../action/dataset-action.js';
import { downloadDataset } from './download-dataset.js';
import { PNG } from '../../test/dataset-folder.js';
import { testFolder } from '../../test/start-dataset-backend.js';

const box = (className: string): object => ({
  images: [{ bounding_box: [{ id: 'b', classification: className, data: [2, 3, 8, 4] }] }],
});

it('downloads more than a page from the embedded backend, and converts it', async () => {
  const count = 130;
  const events = Array.from({ length: count }, (_, index) => {
    const category = index % 2 === 0 ? 'train' : 'validation';
    return { category, files: { image: `p${index}.png` }, data: box(index % 3 === 0 ? 'cat' : 'dog') };
  });
  const pictures = Object.fromEntries(
    events.map(({ files }, index) => [files.image, Buffer.concat([PNG, Buffer.from([index])])]),
  );
  const root = await testFolder({ ...pictures, 'seed.json': { datasets: [{ name: 'Pets', events }] } });
  const local = await startLocalBackend({ dir: join(root, 'data') });
  onTestFinished(() => local.close());
  await local.seed(join(root, 'seed.json'));
  const context = new RuntimeContext({ client: new BackendClient({ host: local.url }) });
  const out = join(root, 'out');
  const splits = { train: {}, valid: null };
  const downloaded = await new DatasetAction({ dataset: 1, splits, output_dir: out }, context).run();
  expect(downloaded).toMatchObject({ count, isCategorized: true, leftOutCounts: {} });
  const converted = await new DatasetAction({ operation: 'convert', path: out }, context).run();
  expect(converted).toMatchObject({
    format: 'yolo',
    pictures: count,
    annotations: count,
    leftOutCounts: {},
    isCategorized: true,
  });
  expect(await readdir(join(converted.path, 'train', 'labels'))).toHaveLength(count / 2);
});

it('takes from the cache what another process downloaded from the same folder of the embedded backend', async () => {
  const events = [{ category: 'train', files: { image: 'one.png' }, data: box('cat') }];
  const root = await testFolder({ 'one.png': PNG, 'seed.json': { datasets: [{ name: 'Pets', events }] } });
  const [dir, cacheDir] = [join(root, 'data'), join(root, 'cache')];
  const seeding = await startLocalBackend({ dir });
  await seeding.seed(join(root, 'seed.json'));
  await seeding.close();
  const download = async () => {
    const local = await startLocalBackend({ dir }); // has another port, and so other addresses of the same files
    try {
      const { reused } = await downloadDataset({
        client: new BackendClient({ host: local.url }),
        dataset: 1,
        cacheDir,
      });
      return { reused, url: local.url };
    } finally {
      await local.close();
    }
  };
  const [first, second] = [await download(), await download()];
  expect(second.url).not.toBe(first.url);
  expect([first.reused, second.reused]).toEqual([false, true]);
  expect(await readdir(cacheDir)).toEqual(['1']);
});
