import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';

import { expect, it } from 'vitest';

import { ALLOWED, MIB, peakMemory } from '../../../../test-fixtures/memory/peak-memory.js';
import { datasetFolder, PNG, type DatasetFolder } from '../../test/dataset-folder.js';

const program = fileURLToPath(new URL('../../test/memory-probe.ts', import.meta.url));
const PICTURES = 400;
const POINTS = 40;

/** A data set whose annotations, each with an outline, are of one picture after the other, and so of all pictures mixed. */
async function mixed(annotations: number): Promise<DatasetFolder> {
  const names = Array.from({ length: PICTURES }, (_, index) => `${index}.png`);
  const folder = await datasetFolder(Object.fromEntries(names.map((name) => [name, PNG])));
  await pipeline(Readable.from(texts(annotations, names)), createWriteStream(join(folder.path, 'annotations.json')));
  return folder;
}

function* texts(annotations: number, names: readonly string[]): Generator<string> {
  const outline = Array.from({ length: POINTS }, (_, index) => [index / 3.7, Math.sqrt(index)]).flat();
  yield '{"annotations":[';
  for (let id = 0; id < annotations; id += 1) {
    const annotation = {
      id,
      image_id: id % PICTURES,
      category_id: 1 + (id % 3),
      bbox: [0, 0, 9, 9],
      segmentation: [outline],
    };
    yield `${id === 0 ? '' : ','}\n${JSON.stringify({ ...annotation, iscrowd: 0 })}`;
  }
  const images = names.map((name, id) => ({ id, file_name: name, width: 20, height: 10 }));
  const categories = ['a', 'b', 'c'].map((name, index) => ({ id: index + 1, name }));
  yield `],"images":${JSON.stringify(images)},"categories":${JSON.stringify(categories)}}`;
}

it('100,000 annotations of COCO in any order are converted in the memory of 10,000', async () => {
  await using small = await mixed(10_000);
  await using large = await mixed(100_000);
  const { size } = await stat(join(large.path, 'annotations.json'));
  expect(size).toBeGreaterThan((2 * ALLOWED) / 2);
  await using out = await datasetFolder();
  const peakOf = (folder: DatasetFolder): Promise<number> =>
    peakMemory(program, 'coco', 'coco', folder.path, join(out.path, basename(folder.path)));
  const [peakSmall, peakLarge] = [await peakOf(small), await peakOf(large)];
  expect((peakLarge - peakSmall) / MIB).toBeLessThan(ALLOWED / MIB);
});
