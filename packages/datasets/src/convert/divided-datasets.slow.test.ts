import { join } from 'node:path';

import { expect, it } from 'vitest';

import { datasetFolder, PNG } from '../../test/dataset-folder.js';
import type { DatasetFormat } from '../model/dataset-format.js';
import { convertDataset } from './convert-dataset.js';

const document = {
  images: [
    {
      bounding_box: [{ id: 'a', classification: 'cat', data: [2, 3, 8, 4] }],
      classification: [{ id: 'c', classification: 'cat' }],
    },
  ],
};
const split = (name: string): Record<string, Buffer | object> => ({
  [`${name}/json/one.json`]: document,
  [`${name}/original_files/one.png`]: PNG,
});

const formats = [
  'dm_v1',
  'dm_v2',
  'yolo',
  'yolo-tasks',
  'coco',
  'pascal',
  'imagefolder',
] as const satisfies DatasetFormat[];

it.each(formats)('%s that is said to be divided has a split to train and one to validate', async (format) => {
  await using folder = await datasetFolder({
    ...Object.fromEntries(Object.entries(split('train')).map(([name, content]) => [`half/${name}`, content])),
    ...Object.fromEntries(
      Object.entries({ ...split('train'), ...split('valid') }).map(([name, content]) => [`whole/${name}`, content]),
    ),
  });
  const at = (name: string): string => join(folder.path, name);
  for (const name of ['half', 'whole']) {
    await convertDataset({
      from: 'dm_v2',
      to: format,
      input: at(name),
      output: at(`${name}-in`),
      categorized: undefined,
    });
  }
  const back = { from: format, to: 'dm_v2', categorized: true } as const;
  expect(await convertDataset({ ...back, input: at('whole-in'), output: at('out') })).toMatchObject({ pictures: 2 });
  await expect(convertDataset({ ...back, input: at('half-in'), output: at('none') })).rejects.toMatchObject({
    code: 'split_missing',
    message: expect.stringContaining('Required directory "valid" does not exist') as string,
  });
});
