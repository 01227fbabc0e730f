import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { datasetFolder, PNG } from '../../test/dataset-folder.js';
import { writeDataset, type WrittenDataset } from '../../test/write-dataset.js';
import type { AnnotatedPicture, Annotation } from '../model/annotated-picture.js';
import type { BeginDatasetOptions } from '../model/dataset-writer.js';
import { cocoWriter } from './coco-writer.js';

interface Written extends WrittenDataset {
  readonly files: Readonly<Record<string, unknown>>;
  readonly json: { readonly images: unknown[]; readonly annotations: unknown[]; readonly categories: unknown[] };
}

async function write(
  annotations: readonly Annotation[] | readonly AnnotatedPicture[],
  options: Partial<BeginDatasetOptions> = {},
): Promise<Written> {
  await using folder = await datasetFolder({ 'one.png': PNG, 'bad.png': 'no picture' });
  const picture = { path: join(folder.path, 'one.png') };
  const isPictures = annotations.some((one) => 'annotations' in one);
  const pictures = isPictures
    ? (annotations as AnnotatedPicture[])
    : [{ ...named('one'), annotations: annotations as Annotation[] }];
  const placed = pictures.map((one) => ({
    ...one,
    picture: one.picture?.path === 'bad' ? { path: join(folder.path, 'bad.png') } : picture,
  }));
  const out = join(folder.path, 'out');
  const result = await writeDataset(cocoWriter, { ...options, folder: out, pictures: placed });
  const files: Record<string, unknown> = {};
  for (const name of await readdir(out, { recursive: true })) {
    files[name] = name.endsWith('.json') ? JSON.parse(await readFile(join(out, name), 'utf8')) : undefined;
  }
  return { ...result, files, json: files['annotations.json'] as Written['json'] };
}

const named = (name: string, split?: string): AnnotatedPicture => ({
  name,
  split,
  picture: undefined,
  annotations: [],
});
const box = { kind: 'box', className: 'cat', box: { x: 2, y: 3, width: 8, height: 4 } } as const;
const points = { kind: 'keypoints', className: 'person' } as const;

describe('COCO as it is written', () => {
  it('has pictures, annotations and categories with ids from 1 on', async () => {
    const { files, counts, leftOut } = await write([
      { ...named('one'), annotations: [{ ...box, className: 'dog' }, box] },
      {
        ...named('street/two'),
        annotations: [{ ...box, attributes: { iscrowd: 1, score: 0.5, colour: 'red' }, groupId: 'g' }],
      },
    ]);
    expect(Object.keys(files).sort()).toEqual(['annotations.json', 'one.png', 'street', join('street', 'two.png')]);
    expect(files['annotations.json']).toEqual({
      info: { description: 'Converted by synapse-steps', url: '', version: '1.0', contributor: '', date_created: '' },
      licenses: [{ id: 1, name: 'Unknown', url: '' }],
      images: [
        { id: 1, file_name: 'one.png', width: 20, height: 10, license: 1 },
        { id: 2, file_name: 'street/two.png', width: 20, height: 10, license: 1 },
      ],
      annotations: [
        { id: 1, image_id: 1, category_id: 2, bbox: [2, 3, 8, 4], area: 32, iscrowd: 0 },
        { id: 2, image_id: 1, category_id: 1, bbox: [2, 3, 8, 4], area: 32, iscrowd: 0 },
        {
          id: 3,
          image_id: 2,
          category_id: 1,
          bbox: [2, 3, 8, 4],
          area: 32,
          iscrowd: 1,
          score: 0.5,
          attributes: { colour: 'red', group_id: 'g' },
        },
      ],
      categories: [
        { id: 1, name: 'cat', supercategory: 'cat' },
        { id: 2, name: 'dog', supercategory: 'dog' },
      ],
    });
    expect({ counts, leftOut }).toEqual({ counts: [2, 1], leftOut: [] });
  });

  it('has outlines, masks and points', async () => {
    const ring = [
      [0, 0],
      [20, 0],
      [10, 10],
    ].map(([x = 0, y = 0]) => ({ x, y }));
    const runs = [32, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 113];
    const { json, leftOut } = await write([
      { kind: 'polygon', className: 'road', rings: [ring, ring.slice(1)] },
      { kind: 'mask', className: 'sky', size: { width: 20, height: 10 }, runs },
      {
        ...points,
        points: [
          { x: 6, y: 7, name: 'ear' },
          { x: 4, y: 5, visible: 1, name: 'nose' },
        ],
      },
      { ...points, points: [{ x: 1, y: 1, name: 'nose' }], box: { x: 0, y: 0, width: 5, height: 5 } },
    ]);
    expect(json.annotations).toMatchObject([
      { category_id: 2, bbox: [0, 0, 20, 10], segmentation: [[0, 0, 20, 0, 10, 10]], area: 100 },
      { category_id: 3, bbox: [3, 2, 6, 5], segmentation: { size: [10, 20], counts: 'P155000000000\\3' }, area: 30 },
      { category_id: 1, bbox: [4, 5, 2, 2], area: 4, keypoints: [6, 7, 2, 4, 5, 1], num_keypoints: 2 },
      { category_id: 1, bbox: [0, 0, 5, 5], area: 25, keypoints: [0, 0, 0, 1, 1, 2], num_keypoints: 1 },
    ]);
    expect(json.categories[0]).toEqual({
      id: 1,
      name: 'person',
      supercategory: 'person',
      keypoints: ['ear', 'nose'],
      skeleton: [],
    });
    expect(leftOut.map(({ code }) => code)).toEqual(['reduced']);
  });

  it('has the same classes with the same ids in each split, those of the source first', async () => {
    const { files } = await write(
      [
        { ...named('one', 'train'), annotations: [{ ...box, className: 'ant' }] },
        { ...named('one', 'valid'), annotations: [box] },
      ],
      { sourceClasses: ['zebra', 'cat'] },
    );
    const categories = ['zebra', 'cat', 'ant'].map((name, index) => ({ id: index + 1, name, supercategory: name }));
    expect(files[join('train', 'annotations.json')]).toMatchObject({
      categories,
      annotations: [{ category_id: 3, image_id: 1 }],
    });
    expect(files[join('valid', 'annotations.json')]).toMatchObject({
      categories,
      annotations: [{ category_id: 2, image_id: 1 }],
    });
  });

  it('keeps masks that are areas in a file of their own, if so wanted', async () => {
    const mask = { kind: 'mask', className: 'sky', size: { width: 20, height: 10 }, runs: [10, 10, 180] } as const;
    const { files, json } = await write([box, mask], { segmentation: 'semantic' });
    expect(json.annotations).toMatchObject([{ id: 1, category_id: 1 }]);
    expect(json.categories).toMatchObject([{ name: 'cat' }]);
    expect(files['stuff.json']).toMatchObject({
      annotations: [{ id: 1, area: 10 }],
      categories: [{ id: 1, name: 'sky' }],
    });
    const without = await write([box, mask], { segmentation: 'exclude' });
    expect(without.counts).toEqual([1]);
    expect(without.leftOut).toMatchObject([{ code: 'kind_not_supported', annotation: '1' }]);
  });
});

describe('what COCO cannot hold', () => {
  const mask = { kind: 'mask', className: 'sky' } as const;
  const wide = { width: 20, height: 10 };
  it.each<[string, Annotation, string]>([
    ['a box without height', { ...box, box: { ...box.box, height: 0 } }, 'geometry_invalid'],
    ['a box of no numbers', { ...box, box: { ...box.box, x: Number.NaN } }, 'geometry_invalid'],
    [
      'an outline without area',
      {
        kind: 'polygon',
        className: 'a',
        rings: [
          [
            { x: 1, y: 1 },
            { x: 2, y: 2 },
            { x: 3, y: 3 },
          ],
        ],
      },
      'geometry_invalid',
    ],
    ['a mask of another size', { ...mask, size: { width: 10, height: 10 }, runs: [100] }, 'mask_invalid'],
    ['a mask with too few pixels', { ...mask, size: wide, runs: [100] }, 'mask_invalid'],
    ['a mask of nothing', { ...mask, size: wide, runs: [200] }, 'mask_invalid'],
    ['a point of nobody', { ...points, points: [{ x: 1, y: 1, name: 'nose' }], loose: true }, 'keypoints_invalid'],
    ['points of which none is labeled', { ...points, points: [{ x: 0, y: 0, visible: 0 }] }, 'keypoints_invalid'],
    [
      'a point that is there twice',
      {
        ...points,
        points: [
          { x: 0, y: 0, name: 'a' },
          { x: 1, y: 0, name: 'a' },
        ],
      },
      'keypoints_invalid',
    ],
    ['a point that is nowhere', { ...points, points: [{ x: 0, y: Infinity }] }, 'keypoints_invalid'],
    [
      'a line',
      {
        kind: 'polyline',
        className: 'a',
        points: [
          { x: 0, y: 0 },
          { x: 1, y: 1 },
        ],
      },
      'kind_not_supported',
    ],
    ['a class of the whole picture', { kind: 'classification', className: 'a' }, 'kind_not_supported'],
  ])('is told: %s', async (_what, annotation, code) => {
    const { counts, leftOut, json } = await write([{ ...annotation, id: 'k' }]);
    expect({ counts, annotations: json.annotations }).toEqual({ counts: [0], annotations: [] });
    expect(leftOut).toMatchObject([{ code, picture: 'one', annotation: 'k' }]);
  });

  it('is a rotation, which is kept as an attribute', async () => {
    const { leftOut, json } = await write([{ ...box, box: { ...box.box, rotation: Math.PI / 2 } }]);
    expect(json.annotations).toMatchObject([{ bbox: [2, 3, 8, 4], attributes: { rotation: 90 } }]);
    expect(leftOut.map(({ code }) => code)).toEqual(['reduced']);
  });

  it('is nothing outside of a picture, which is kept, cut off or left out', async () => {
    const outside = { ...box, box: { x: 15, y: -2, width: 10, height: 5 } };
    const far = { ...box, box: { x: 50, y: 50, width: 10, height: 5 } };
    const kept = await write([outside, far]);
    expect(kept.counts).toEqual([2]);
    expect(kept.leftOut.map(({ code }) => code)).toEqual(['doubtful', 'doubtful']);
    const cut = await write([outside, far], { outside: 'clip' });
    expect(cut.json.annotations).toMatchObject([{ bbox: [15, 0, 5, 3] }]);
    expect(cut.leftOut.map(({ code }) => code)).toEqual(['corrected', 'geometry_outside']);
    expect((await write([outside, box], { outside: 'leave-out' })).counts).toEqual([1]);
  });

  it('is a picture that is none, unsafe, or there already', async () => {
    const bad = { ...named('bad'), picture: { path: 'bad' } };
    const { counts, leftOut } = await write([bad, named('../up'), named('one'), named('one')]);
    expect(counts).toEqual([undefined, undefined, 0, undefined]);
    expect(leftOut.map(({ code }) => code)).toEqual(['picture_broken', 'name_unsafe', 'picture_duplicate']);
  });
});
