// What is written is accepted by the formats' own tools: pycocotools, and supervision for COCO, YOLO and Pascal VOC.
//   node --conditions=@synapse-steps/source --import tsx packages/datasets/test/format-tools/main.ts PYTHON
import assert from 'node:assert/strict';
import { join } from 'node:path';

import { captureCommand } from '../../../../scripts/bootstrap/run-command.mjs';
import { convertDataset } from '../../src/convert/convert-dataset.js';
import { datasetFolder, PNG } from '../dataset-folder.js';

/** Of the pictures `one`, `two` (boxes alone) and `three` (an outline, a mask, points). */
interface Found {
  readonly pycocotools: Readonly<Record<'pictures' | 'classes' | 'boxes' | 'mask_pixels' | 'precision', unknown>>;
  readonly coco: Shown;
  readonly yolo: Readonly<Record<'train' | 'valid', Shown>>;
  readonly pascal: Shown;
}

interface Shown {
  readonly classes: readonly string[];
  readonly pictures: Readonly<Record<string, { readonly boxes: readonly unknown[]; readonly masks: number }>>;
}

const bounding = (classification: string, data: readonly number[]): object => ({ classification, attrs: [], data });
const one = { bounding_box: [bounding('cat', [2, 3, 8, 4]), bounding('dog', [0, 0, 20, 10])] };
const two = { bounding_box: [bounding('cat', [5, 1, 4, 9])] };
const rows = [2, 3, 4, 5, 6].flatMap((y) => [3, 4, 5, 6, 7, 8].map((x) => y * 20 + x));
const three = {
  polygon: [
    {
      classification: 'road',
      attrs: [],
      data: [
        [0, 0],
        [20, 0],
        [10, 10],
      ],
    },
  ],
  segmentation: [
    {
      classification: 'sky',
      attrs: [],
      encoding: 'raw_indices',
      isCompressed: false,
      compressionFormat: null,
      data: rows,
    },
  ],
  keypoint: [
    { id: 'k1', classification: 'nose', attrs: [], data: [4, 5], group_id: 'g' },
    { id: 'k2', classification: 'left_eye', attrs: [], data: [10, 8], group_id: 'g' },
  ],
};
const json = (image: object): object => ({ classification: {}, images: [image] });

const [python] = process.argv.slice(2);
assert(python !== undefined, 'Say which Python to use: one with pycocotools and supervision.');
await using folder = await datasetFolder({
  'dm/json/one.json': json(one),
  'dm/json/two.json': json(two),
  'dm/json/three.json': json(three),
  'split/train/json/one.json': json(one),
  'split/train/json/three.json': json({ polygon: three.polygon }),
  'split/valid/json/two.json': json(two),
});
for (const name of ['one', 'two', 'three']) await folder.lay({ [`dm/original_files/${name}.png`]: PNG });
for (const name of ['train/original_files/one', 'train/original_files/three', 'valid/original_files/two']) {
  await folder.lay({ [`split/${name}.png`]: PNG });
}
const at = (name: string): string => join(folder.path, name);
await convertDataset({ from: 'dm_v2', to: 'coco', input: at('dm'), output: at('coco') });
await convertDataset({ from: 'dm_v2', to: 'pascal', input: at('dm'), output: at('pascal') });
await convertDataset({ from: 'dm_v2', to: 'yolo', input: at('split'), output: at('yolo') });

const script = join(import.meta.dirname, 'read_formats.py');
const { code, output } = await captureCommand(python, ['-B', script, folder.path], { timeoutMs: 300_000 });
const last = output.trim().split('\n').at(-1) ?? '';
assert(code === 0 && last.startsWith('{'), `the tools failed with exit code ${code}:\n${output}`);
check(JSON.parse(last) as Found);
console.log('pycocotools and supervision read COCO, YOLO and Pascal VOC as they were meant.');

function check({ pycocotools, coco, yolo, pascal }: Found): void {
  assert.deepEqual(pycocotools, {
    pictures: { 'one.png': 2, 'three.png': 3, 'two.png': 1 },
    classes: ['cat', 'dog', 'person', 'road', 'sky'],
    boxes: [
      ['cat', 2, 3, 8, 4],
      ['dog', 0, 0, 20, 10],
      ['road', 0, 0, 20, 10],
      ['person', 4, 5, 6, 3],
      ['sky', 3, 2, 6, 5],
      ['cat', 5, 1, 4, 9],
    ],
    mask_pixels: { 3: 90, 5: 30 }, // a triangle of an area of 100, drawn in whole pixels
    precision: { bbox: 1, segm: 1, keypoints: 1 },
  });
  assert.deepEqual(coco.classes, pycocotools.classes);
  assert.deepEqual(coco.pictures['two.png'], { boxes: [['cat', 5, 1, 9, 10]], masks: 0 });
  assert.deepEqual(coco.pictures['three.png']?.masks, 3);
  assert.deepEqual(yolo.train.classes, ['cat', 'dog', 'road']);
  assert.deepEqual(yolo.train.pictures['one.png']?.boxes, [
    ['cat', 2, 3, 10, 7],
    ['dog', 0, 0, 20, 10],
  ]);
  assert.deepEqual(yolo.train.pictures['three.png'], { boxes: [['road', 0, 0, 20, 10]], masks: 1 });
  assert.deepEqual(yolo.valid.pictures['two.png'], { boxes: [['cat', 5, 1, 9, 10]], masks: 0 });
  // supervision counts VOC's pixels from 1 on, as the original data set did; files are written from 0, as the SDK does.
  assert.deepEqual(pascal.pictures['one.png']?.boxes, [
    ['cat', 1, 2, 10, 7],
    ['dog', -1, -1, 20, 10],
  ]);
}
