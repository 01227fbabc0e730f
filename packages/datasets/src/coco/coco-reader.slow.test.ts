import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { datasetFolder, PNG, readDataset, type ReadDataset } from '../../test/dataset-folder.js';
import type { OpenDatasetOptions } from '../model/dataset-reader.js';
import { cocoReader } from './coco-reader.js';

const one = { id: 1, file_name: 'one.png', width: 20, height: 10 };
const cat = { id: 3, name: 'cat', supercategory: '' };
const person = { id: 90, name: 'person', keypoints: ['nose', 'ear'], skeleton: [[1, 2]] };
const annotation = { id: 1, image_id: 1, category_id: 3, bbox: [2, 3, 8, 4], area: 32, iscrowd: 0 };
const coco = { images: [one], categories: [cat, person], annotations: [annotation] };
const box = { id: '1', className: 'cat', kind: 'box', box: { x: 2, y: 3, width: 8, height: 4 } };

type Files = Readonly<Record<string, string | Buffer | object>>;

async function read(files: Files, options?: OpenDatasetOptions): Promise<ReadDataset> {
  await using folder = await datasetFolder(files);
  return await readDataset(cocoReader, folder.path, options);
}

/** What is read of one item of `annotations`. */
async function readOne(fields: object): Promise<{ annotations: readonly unknown[]; leftOut: readonly unknown[] }> {
  const annotations = [{ ...annotation, ...fields }];
  const { pictures, leftOut } = await read({ 'annotations.json': { ...coco, annotations }, 'one.png': PNG });
  return { annotations: pictures[0]?.annotations ?? [], leftOut };
}

const codes = ({ leftOut }: { leftOut: readonly unknown[] }): unknown[] =>
  leftOut.map((entry) => (entry as { code: string }).code);

describe('a COCO data set', () => {
  it('has boxes, with classes by ids that may have gaps', async () => {
    await using folder = await datasetFolder({ 'annotations.json': coco, 'one.png': PNG });
    const { pictures, leftOut } = await readDataset(cocoReader, folder.path);
    const picture = { path: join(folder.path, 'one.png'), size: { width: 20, height: 10 } };
    expect(pictures).toEqual([{ name: 'one', split: undefined, picture, annotations: [box] }]);
    expect(leftOut).toEqual([]);
  });

  it('says its classes, points and number of pictures before it is read', async () => {
    await using folder = await datasetFolder({ 'annotations.json': coco, 'one.png': PNG });
    const source = await cocoReader.open(folder.path, {});
    expect(source).toMatchObject({ classes: ['cat', 'person'], pictureCount: 1, splits: undefined });
    const shape = { names: ['nose', 'ear'], count: 2, skeleton: [[0, 1]] };
    expect([...(source.keypointShapes ?? [])]).toEqual([['person', shape]]);
  });

  it('has outlines, masks and points', async () => {
    const outline = await readOne({
      segmentation: [
        [1, 1, 5, 1, 5, 5],
        [6, 6, 8, 6, 8, 8],
      ],
    });
    const [ring, other] = [
      [
        [1, 1],
        [5, 1],
        [5, 5],
      ],
      [
        [6, 6],
        [8, 6],
        [8, 8],
      ],
    ].map((list) => list.map(([x, y]) => ({ x, y })));
    expect(outline.annotations).toEqual([{ ...box, kind: 'polygon', rings: [ring, other] }]);

    const runs = [32, 5, 163];
    const size = { width: 20, height: 10 };
    const mask = { ...box, kind: 'mask', size, runs };
    expect((await readOne({ segmentation: { size: [10, 20], counts: runs } })).annotations).toEqual([mask]);
    const crowd = await readOne({ segmentation: { size: [10, 20], counts: 'P155000000000\\3' }, iscrowd: 1 });
    expect(crowd.annotations).toMatchObject([{ kind: 'mask', size, attributes: { iscrowd: 1 } }]);

    const points = await readOne({
      category_id: 90,
      keypoints: [4, 5, 2, 0, 0, 0],
      num_keypoints: 1,
      attributes: { late: true },
    });
    const nose = { x: 4, y: 5, visible: 2, name: 'nose' };
    const ear = { x: 0, y: 0, visible: 0, name: 'ear' };
    expect(points.annotations).toEqual([
      { ...box, kind: 'keypoints', className: 'person', points: [nose, ear], attributes: { late: true } },
    ]);
    const nobody = await readOne({ category_id: 90, keypoints: [0, 0, 0, 0, 0, 0] });
    expect(nobody.annotations).toEqual([{ ...box, className: 'person' }]);
  });

  it('keeps ids apart that are longer than JavaScript counts', async () => {
    const text = JSON.stringify({
      images: [one, { ...one, id: 2, file_name: 'two.png' }],
      categories: [cat],
      annotations: [annotation, { ...annotation, id: 2, image_id: 2 }],
    });
    const long = text
      .replaceAll('"id":1,"f', '"id":9007199254740993,"f')
      .replaceAll('"image_id":1', '"image_id":9007199254740993');
    const longer = long
      .replaceAll('"id":2,"f', '"id":9007199254740992,"f')
      .replaceAll('"image_id":2', '"image_id":9007199254740992');
    const { pictures, leftOut } = await read({ 'annotations.json': longer, 'one.png': PNG, 'two.png': PNG });
    expect(pictures.map(({ name, annotations }) => [name, annotations.map(({ id }) => id)])).toEqual([
      ['one', ['1']],
      ['two', ['2']],
    ]);
    expect(leftOut).toEqual([]);
  });

  it('may list annotations before pictures, and those of all pictures mixed', async () => {
    const images = ['a', 'b', 'c'].map((name, index) => ({ ...one, id: index, file_name: `${name}.png` }));
    const annotations = Array.from({ length: 9 }, (_, index) => ({
      ...annotation,
      id: index,
      image_id: (index * 2) % 3,
    }));
    for (const file of [
      { annotations, images, categories: [cat] },
      { categories: [cat], images, annotations },
    ]) {
      const { pictures } = await read({ 'annotations.json': file });
      expect(pictures.map(({ name, annotations: some }) => [name, ...some.map(({ id }) => id)])).toEqual([
        ['a', '0', '3', '6'],
        ['b', '2', '5', '8'],
        ['c', '1', '4', '7'],
      ]);
    }
  });

  it('can have a picture without its file', async () => {
    const { pictures } = await read({ 'annotations.json': coco });
    expect(pictures).toEqual([{ name: 'one', split: undefined, picture: undefined, annotations: [box] }]);
  });
});

describe('what cannot be read of COCO', () => {
  it.each([
    ['an unknown category', { category_id: 4 }, 'annotations_broken'],
    ['no category', { category_id: null }, 'annotations_broken'],
    ['a box without width', { bbox: [2, 3, 0, 4] }, 'geometry_invalid'],
    ['a box of three numbers', { bbox: [2, 3, 4] }, 'geometry_invalid'],
    ['no box', { bbox: undefined }, 'geometry_invalid'],
    ['an outline of two points', { bbox: undefined, segmentation: [[1, 2, 3, 4]] }, 'geometry_invalid'],
    [
      'a mask that is too short',
      { bbox: undefined, segmentation: { size: [10, 20], counts: [10, 20] } },
      'mask_invalid',
    ],
    ['points that are not three numbers each', { keypoints: [1, 2] }, 'keypoints_invalid'],
    ['a caption', { category_id: undefined, caption: 'a cat' }, 'kind_not_supported'],
    ['an unknown picture', { image_id: 7 }, 'picture_missing'],
    ['no picture', { image_id: undefined }, 'annotations_broken'],
  ])('is told: %s', async (_what, fields, code) => {
    const found = await readOne(fields);
    expect(found.annotations).toEqual([]);
    expect(found.leftOut).toEqual([expect.objectContaining({ code, annotation: '1' })]);
  });

  it('costs an outline, and not its box', async () => {
    const found = await readOne({ segmentation: [[1, 2, 3, 4]] });
    expect(found.annotations).toEqual([box]);
    expect(codes(found)).toEqual(['reduced']);
  });

  it('is a number that is none, as Python writes it', async () => {
    const text = JSON.stringify(coco).replace('[2,3,8,4]', '[NaN,3,8,4]');
    const found = await read({ 'annotations.json': text, 'one.png': PNG });
    expect(found.pictures[0]?.annotations).toEqual([]);
    expect(codes(found)).toEqual(['geometry_invalid']);
  });

  it('is a picture outside of the data set, or one that is listed twice', async () => {
    const images = [
      one,
      { ...one, id: 2, file_name: '../one.png' },
      { ...one, id: 3, file_name: 'one.jpg' },
      { ...one, file_name: 'x.png' },
    ];
    const annotations = images.map(({ id }) => ({ ...annotation, id, image_id: id }));
    const found = await read({ 'annotations.json': { ...coco, images, annotations }, 'one.png': PNG });
    expect(found.pictures.map(({ name }) => name)).toEqual(['one']);
    expect(codes(found)).toEqual(['name_unsafe', 'picture_duplicate', 'picture_duplicate']);
  });

  it('is an item that is no JSON, and not the next one', async () => {
    const text = JSON.stringify(coco).replace('"annotations":[', '"annotations":[{"image_id": oops}, 5, ');
    const found = await read({ 'annotations.json': text, 'one.png': PNG });
    expect(found.pictures[0]?.annotations).toEqual([box]);
    expect(codes(found)).toEqual(['annotations_broken', 'annotations_broken']);
  });

  it('is a whole file that is no COCO', async () => {
    const refused = { code: 'dataset_not_readable' };
    await expect(read({ 'annotations.json': JSON.stringify(coco).slice(0, -9) })).rejects.toMatchObject(refused);
    await expect(read({ 'annotations.json': { images: {} } })).rejects.toMatchObject(refused);
    await expect(read({ 'annotations.json': '[1]' })).rejects.toThrow('at byte 0: expected an object');
    await expect(read({ 'readme.txt': '' })).rejects.toMatchObject(refused);
    await expect(readDataset(cocoReader, '/nowhere/at/all')).rejects.toMatchObject({ code: 'path_missing' });
  });
});

describe('splits of COCO', () => {
  const split = (name: string): Files => ({ [`${name}/annotations.json`]: coco, [`${name}/one.png`]: PNG });

  it('are folders, in the order of their use', async () => {
    const files = { ...split('test'), ...split('other'), ...split('valid'), ...split('train'), 'more/readme.txt': '' };
    const { pictures } = await read(files);
    expect(pictures.map((picture) => picture.split)).toEqual(['train', 'valid', 'test', 'other']);
    expect((await read(files, { splits: ['test'] })).pictures.map((picture) => picture.split)).toEqual(['test']);
    await expect(read(files, { splits: ['val'] })).rejects.toMatchObject({ code: 'split_missing' });
  });

  it('are files in the layout of COCO itself', async () => {
    const { pictures } = await read({
      'annotations/instances_val2017.json': coco,
      'annotations/instances_train2017.json': coco,
      'annotations/person_keypoints_train2017.json': { images: [], annotations: [], categories: [] },
      'train2017/one.png': PNG,
      'images/val2017/one.png': PNG,
    });
    expect(pictures.map(({ split: name, picture }) => [name, picture !== undefined])).toEqual([
      ['train', true],
      ['valid', true],
    ]);
  });

  it('say of which split something is left out', async () => {
    const annotations = [{ ...annotation, category_id: 8 }];
    const found = await read({ 'train/annotations.json': { ...coco, annotations }, 'train/one.png': PNG });
    expect(found.leftOut).toMatchObject([{ picture: 'train/one', annotation: '1' }]);
  });

  it('may be links to folders elsewhere', async () => {
    await using elsewhere = await datasetFolder({ 'annotations.json': coco, 'one.png': PNG });
    await using folder = await datasetFolder();
    await mkdir(join(folder.path, 'empty'));
    await symlink(elsewhere.path, join(folder.path, 'train'));
    const { pictures } = await readDataset(cocoReader, folder.path);
    expect(pictures).toMatchObject([{ split: 'train', name: 'one' }]);
  });
});
