import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { BackendClient } from '@synapse-steps/backend';
import { startLocalBackend } from '@synapse-steps/backend-local';
import { RuntimeContext } from '@synapse-steps/core';
import { expect, it, onTestFinished } from 'vitest';

import { DatasetAction } from '../action/dataset-action.js';
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
  expect(downloaded).toMatchObject({ count, isCategorized: true, leftOut: {} });
  const converted = await new DatasetAction({ operation: 'convert', path: out }, context).run();
  expect(converted).toMatchObject({
    format: 'yolo',
    pictures: count,
    annotations: count,
    leftOut: {},
    isCategorized: true,
  });
  expect(await readdir(join(converted.path, 'train', 'labels'))).toHaveLength(count / 2);
});
