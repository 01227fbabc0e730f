import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { PNG, readDataset } from '../../test/dataset-folder.js';
import { testFolder } from '../../test/start-dataset-backend.js';
import { writeDataset } from '../../test/write-dataset.js';
import type { AnnotatedPicture, Annotation } from '../model/annotated-picture.js';
import { dmReader } from './dm-reader.js';
import { dmWriter } from './dm-writer.js';

const document = (image: object): object => ({ images: [image] });

async function read(image: object | string): ReturnType<typeof readDataset> {
  const json = typeof image === 'string' ? image : document(image);
  return readDataset(dmReader('dm_v2'), await testFolder({ 'json/a.json': json, 'original_files/a.png': PNG }));
}

describe('dmReader', () => {
  it('reads version 1, whose geometry is apart or at the annotation, and says what has no place', async () => {
    const v1 = {
      annotations: {
        image_1: [
          { id: 'a', tool: 'bounding_box', classification: { class: 'cat', color: 'red' } },
          { id: 'b', tool: 'boundingBox', classification: 'dog', data: [0, 0, 5, 5], rotation: 2 },
          { id: 'c', tool: 'polygon', classification: { class: 'road' } },
          { id: 'd', tool: 'prompt', classification: { class: 'x' } },
        ],
      },
      annotationsData: {
        image_1: [
          { id: 'a', coordinate: { x: 2, y: 3, width: 8, height: 4, rotation: 1 } },
          { id: 'c', coordinate: [{ x: 0, y: 0, id: '1' }, { x: 9, y: 0, id: '2' }, { x: 9, y: 9, id: '3' }] }, // prettier-ignore
        ],
      },
      relations: {},
    };
    const { pictures, leftOut } = await read(JSON.stringify(v1));
    expect(pictures[0]?.annotations).toEqual([
      { kind: 'box', className: 'cat', id: 'a', attributes: { color: 'red' }, box: { x: 2, y: 3, width: 8, height: 4, rotation: 1 } }, // prettier-ignore
      { kind: 'box', className: 'dog', id: 'b', box: { x: 0, y: 0, width: 5, height: 5, rotation: 2 } },
      { kind: 'polygon', className: 'road', id: 'c', rings: [[{ x: 0, y: 0 }, { x: 9, y: 0 }, { x: 9, y: 9 }]] }, // prettier-ignore
    ]);
    expect(leftOut).toMatchObject([{ code: 'kind_not_supported', picture: 'a', annotation: 'd' }]);
  });

  it('makes one object of the points of a group, with its box, and leaves other points alone', async () => {
    const point = (id: string, name: string, more: object): object => ({ id, classification: name, ...more });
    const { pictures } = await read({
      bounding_box: [{ id: 'b', classification: 'person', data: [0, 0, 9, 9] }],
      keypoint: [
        point('p1', 'nose', { data: [1, 2], visibility: 1 }),
        point('p2', 'left_eye', { data: [3, 4] }),
        point('p3', 'nose', { data: [5, 6] }),
        point('p4', 'nose', { data: [7, 8], group_id: 'h' }),
      ],
      group: [{ id: 'g', classification: 'person', data: ['b', 'p1', 'p2'] }],
    });
    expect(pictures[0]?.annotations).toEqual([
      {
        kind: 'keypoints',
        className: 'person',
        id: 'b',
        groupId: 'g',
        box: { x: 0, y: 0, width: 9, height: 9 },
        points: [
          { x: 1, y: 2, visible: 1, id: 'p1', name: 'nose' },
          { x: 3, y: 4, id: 'p2', name: 'left_eye' },
        ],
      },
      { kind: 'keypoints', className: 'nose', id: 'p3', points: [{ x: 5, y: 6, id: 'p3', name: 'nose' }], loose: true },
      { kind: 'keypoints', className: 'person', groupId: 'h', points: [{ x: 7, y: 8, id: 'p4', name: 'nose' }] },
    ]);
  });

  it('does not lose a picture by one bad number, one annotation without a class, or a mask that says nothing', async () => {
    const bad = '{"id": "n", "classification": "cat NaN", "data": [NaN, 0, 1, -Infinity]}';
    const good = '{"id": "g", "classification": "NaN \\"x\\"", "data": [0, 0, 1, 1]}';
    const { pictures, leftOut } = await read(
      `{"images": [{"bounding_box": [${bad}, ${good}, {"data": [0, 0, 1, 1]}], "segmentation": [{"classification": "sky", "data": [1]}]}]}`,
    );
    expect(pictures[0]?.annotations).toMatchObject([{ id: 'g', className: 'NaN "x"' }]);
    expect(leftOut.map(({ code, annotation }) => `${code} ${annotation}`)).toEqual([
      'geometry_invalid n',
      'class_count bounding_box 2',
      'mask_invalid segmentation 3',
    ]);
  });

  it('goes on past a file that is no JSON, and tells of a picture that is missing by having none', async () => {
    const folder = await testFolder({
      'json/a.json': '{nope',
      'json/b.json': document({}),
      'json/c.json': document({}),
      'original_files/b.png': PNG,
    });
    const { pictures, leftOut } = await readDataset(dmReader('dm_v2'), folder);
    expect(pictures.map(({ name, picture }) => [name, picture?.path])).toEqual([
      ['b', join(folder, 'original_files', 'b.png')],
      ['c', undefined],
    ]);
    expect(leftOut).toMatchObject([{ code: 'annotations_broken', picture: 'a' }]);
  });

  const split = { 'train/json/a.json': '{}', 'train/original_files/a.png': PNG };
  it.each(['valid', 'validation', 'val'])('has splits to train with, of which one is named %s', async (valid) => {
    const folder = await testFolder({
      'test/json/a.json': '{}',
      'test/original_files/a.png': PNG,
      'train/json/a.json': '{}',
      'train/original_files/a.png': PNG,
      [`${valid}/json/a.json`]: '{}',
      [`${valid}/original_files/a.png`]: PNG,
    });
    const source = await dmReader('dm_v2').open(folder, { categorized: true });
    expect(source.splits).toEqual(['train', valid, 'test']);
  });

  it.each([
    { files: { 'readme.txt': 'x' }, code: 'dataset_not_readable', message: /neither json\/ and original_files\// },
    { files: { 'json/a.json': '{}' }, code: 'dataset_not_readable', message: /"original_files" does not exist/ },
    { files: split, options: { categorized: true }, code: 'split_missing', message: /"valid"/ },
    { files: split, options: { categorized: false }, code: 'dataset_not_readable', message: /"json"/ },
    { files: split, options: { splits: ['night'] }, code: 'split_missing', message: /"night"/ },
  ])('says what is missing: $message', async ({ files, options = {}, code, message }) => {
    const opened = dmReader('dm_v2').open(await testFolder({ ...files }), options);
    await expect(opened).rejects.toMatchObject({ code, message: expect.stringMatching(message) as string });
  });
});

const everything: readonly Annotation[] = [
  { kind: 'box', className: 'cat', id: 'b1', box: { x: 1, y: 2, width: 3.5, height: 4, rotation: 0.5 }, attributes: { color: 'red' } }, // prettier-ignore
  { kind: 'polygon', className: 'road', id: 'q1', rings: [[{ x: 0, y: 0 }, { x: 5, y: 0 }, { x: 5, y: 5 }]] }, // prettier-ignore
  { kind: 'polygon', className: 'lake', id: 'q2', groupId: 'g1', rings: [[{ x: 0, y: 0 }, { x: 2, y: 0 }, { x: 2, y: 2 }], [{ x: 6, y: 6 }, { x: 9, y: 6 }, { x: 9, y: 9 }]] }, // prettier-ignore
  { kind: 'polyline', className: 'lane', id: 'l1', points: [{ x: 0, y: 0 }, { x: 5, y: 5 }] }, // prettier-ignore
  { kind: 'keypoints', className: 'person', id: 'b2', groupId: 'g2', box: { x: 0, y: 0, width: 9, height: 9 }, points: [{ x: 1, y: 2, visible: 1, id: 'p1', name: 'nose' }] }, // prettier-ignore
  { kind: 'keypoints', className: 'hand', id: 'h1', points: [{ x: 1, y: 2, visible: 0 }, { x: 3, y: 4, visible: 2 }], box: { x: 0, y: 0, width: 9, height: 9 } }, // prettier-ignore
  { kind: 'mask', className: 'sky', id: 's1', size: { width: 20, height: 10 }, runs: [12, 3, 7, 3, 175] },
  { kind: 'classification', className: 'indoor', id: 'k1', attributes: { sure: true } },
];

describe('dmWriter', () => {
  it.each(['dm_v2', 'dm_v1'] as const)('writes as %s all that it reads', async (format) => {
    const source = await testFolder({ 'a.png': PNG });
    const picture: AnnotatedPicture = {
      name: 'street/a',
      split: 'train',
      picture: { path: join(source, 'a.png') },
      annotations: everything,
    };
    const folder = join(source, 'out');
    await writeDataset(dmWriter(format), { folder, pictures: [picture], splits: ['train', 'valid'] });
    const { pictures, leftOut } = await readDataset(dmReader(format), folder);
    expect(leftOut).toEqual([]);
    const sorted = (list: readonly Annotation[]): Annotation[] =>
      list.toSorted((a, b) => (a.id ?? '').localeCompare(b.id ?? ''));
    expect(sorted(pictures[0]?.annotations ?? [])).toEqual(sorted(everything));
    expect(pictures[0]).toMatchObject({ name: 'street/a', split: 'train' });
  });

  it('writes version 1 as the Python SDK does, and version 2 with what only DM has untouched', async () => {
    const annotations: Annotation[] = [
      { kind: 'box', className: 'cat', id: 'b', box: { x: 1, y: 2, width: 3, height: 4 } },
    ];
    const extra = { videos: [1], image: { relation: [{ id: 'r' }], prompt: [{ id: 'x' }] } };
    const picture = { name: 'a', split: undefined, picture: undefined, annotations, extra };
    const folder = await testFolder();
    for (const format of ['dm_v1', 'dm_v2'] as const) {
      await writeDataset(dmWriter(format), { folder: join(folder, format), pictures: [picture] });
    }
    const [v1, v2] = await Promise.all(
      ['dm_v1', 'dm_v2'].map(async (name): Promise<unknown> =>
        JSON.parse(await readFile(join(folder, name, 'json/a.json'), 'utf8')),
      ),
    );
    expect(v1).toEqual({
      annotations: {
        image: [
          {
            id: 'b',
            tool: 'boundingBox',
            isLocked: false,
            isVisible: true,
            classification: { class: 'cat' },
            data: [1, 2, 3, 4],
          },
        ],
      },
    });
    expect(v2).toMatchObject({
      classification: { bounding_box: ['cat'] },
      images: [
        {
          bounding_box: [{ data: [1, 2, 3, 4] }],
          polygon: [],
          relation: [{ id: 'r' }],
          prompt: [{ id: 'x' }],
          group: [],
        },
      ],
      videos: [1],
    });
  });
});
