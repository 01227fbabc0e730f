import { expect, it } from 'vitest';

import { datasetFolder, readDataset } from '../../test/dataset-folder.js';
import { cocoReader } from './coco-reader.js';

const PICTURES = 5000;
const ANNOTATIONS = 12_000;
/** Larger than what is read in one go, and than the gap that is read over. */
const LARGE = 'x'.repeat(1_200_000);
const SOME = 'x'.repeat(40_000);

it('every picture gets its own annotations, in the order of the file, however far apart they are', async () => {
  const expected = new Map<string, string[]>();
  const annotations = Array.from({ length: ANNOTATIONS }, (_, id) => {
    const picture = (id * 7919) % (PICTURES + 500); // the last ones are of pictures that are not listed
    if (picture < PICTURES) expected.set(`${picture}`, [...(expected.get(`${picture}`) ?? []), `${id}`]);
    const note = id % 4000 === 0 ? LARGE : id % 100 === 0 ? SOME : '';
    return { id, image_id: picture, category_id: 1, bbox: [id, 0, 1, 1], ...(note !== '' && { note }) };
  });
  const images = Array.from({ length: PICTURES }, (_, id) => ({ id, file_name: `${id}.png` }));
  await using folder = await datasetFolder({
    'annotations.json': { annotations, images, categories: [{ id: 1, name: 'cat' }] },
  });
  const { pictures, leftOut } = await readDataset(cocoReader, folder.path);
  expect(pictures.map(({ name }) => name)).toEqual(images.map(({ id }) => `${id}`));
  for (const { name, annotations: found } of pictures) {
    expect([name, ...found.map(({ id }) => id)]).toEqual([name, ...(expected.get(name) ?? [])]);
  }
  const lost = ANNOTATIONS - [...expected.values()].flat().length;
  expect(lost).toBeGreaterThan(1000);
  expect(leftOut).toHaveLength(lost);
  expect(new Set(leftOut.map(({ code }) => code))).toEqual(new Set(['picture_missing']));
});
