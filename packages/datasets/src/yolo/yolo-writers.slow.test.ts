import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { datasetFolder, PNG } from '../../test/dataset-folder.js';
import { writeDataset, type WrittenDataset } from '../../test/write-dataset.js';
import type { Annotation, AnnotatedPicture, Keypoint } from '../model/annotated-picture.js';
import type { BeginDatasetOptions, DatasetWriter } from '../model/dataset-writer.js';
import { sixDecimals } from './six-decimals.js';
import { yoloTasksWriter } from './tasks-writer.js';
import { yoloWriter } from './training-writer.js';

const box = ([x, y, width, height]: readonly [number, number, number, number], className = 'cat'): Annotation => ({
  kind: 'box',
  className,
  box: { x, y, width, height },
});
const triangle = [
  { x: 0, y: 0 },
  { x: 20, y: 0 },
  { x: 10, y: 10 },
];

interface Written extends WrittenDataset {
  text(file: string): Promise<string>;
}

/** Writes pictures of 20 × 10 pixels, and reads what came of it. */
async function write(
  writer: DatasetWriter,
  pictures: readonly (Partial<AnnotatedPicture> & Pick<AnnotatedPicture, 'annotations'>)[],
  options: Partial<
    Pick<BeginDatasetOptions, 'outside' | 'segmentation' | 'sourceClasses' | 'finalFolder' | 'splits'>
  > = {},
): Promise<Written & AsyncDisposable> {
  const folder = await datasetFolder({ 'in/one.png': PNG });
  const picture = { path: join(folder.path, 'in', 'one.png') };
  const whole = pictures.map((one) => ({ name: 'one', split: undefined, picture, ...one }));
  const written = await writeDataset(writer, { folder: join(folder.path, 'out'), pictures: whole, ...options });
  const text = (file: string): Promise<string> => readFile(join(folder.path, 'out', file), 'utf8');
  return { ...written, text, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}

describe('sixDecimals', () => {
  it.each([
    [1 / 128, '0.007812'],
    [3 / 128, '0.023438'],
    [25 / 128, '0.195312'],
    [127 / 128, '0.992188'],
    [0.007812500001, '0.007813'],
    [0.1234565, '0.123456'],
    [1e-9, '0.000000'],
    [1, '1.000000'],
  ])('writes %d as Python does', (value, text) => {
    expect(sixDecimals(value)).toBe(text);
  });
});

describe('the writer of the layout for training', () => {
  it('says where everything is, once it is there', async () => {
    await using out = await write(yoloWriter, [{ split: 'train', annotations: [box([2, 3, 8, 4])] }], {
      finalFolder: '/data/my pictures: two #2',
      splits: ['train', 'valid', 'night'],
    });
    const yaml = await out.text('dataset.yaml');
    expect(parse(yaml)).toEqual({
      path: '/data/my pictures: two #2',
      train: 'train/images',
      val: 'valid/images',
      night: 'night/images',
      nc: 1,
      names: ['cat'],
    });
    expect(await out.text('train/labels/one.txt')).toBe('0 0.300000 0.500000 0.400000 0.400000');
  });

  it('takes one split for both where there is one', async () => {
    await using out = await write(yoloWriter, [{ split: 'test', annotations: [] }]);
    expect(parse(await out.text('dataset.yaml'))).toMatchObject({ train: 'test/images', val: 'test/images' });
  });

  it('writes any class name so that YAML reads it', async () => {
    const names = ["dog's", 'a "b" \'c\'', 'back\\slash', 'yes', '1', 'Straße', '{x: [y]} # z', 'a/b'];
    await using out = await write(yoloWriter, [{ annotations: names.map((name) => box([1, 1, 2, 2], name)) }]);
    const { names: read } = parse(await out.text('dataset.yaml')) as { names: string[] };
    expect(read.toSorted()).toEqual(names.toSorted());
    expect((await out.text('classes.txt')).split('\n')).toEqual([...read, '']);
  });

  it('keeps the numbers of a source that has a list of classes', async () => {
    await using out = await write(yoloWriter, [{ annotations: [box([1, 1, 2, 2], 'ant'), box([1, 1, 2, 2], 'cat')] }], {
      sourceClasses: ['dog', 'cat'],
    });
    expect(await out.text('classes.txt')).toBe('dog\ncat\nant\n');
    expect(await out.text('labels/one.txt')).toMatch(/^2 .*\n1 /u);
  });

  it('writes a box that reaches over the edge, unless a trainer would refuse the picture for it', async () => {
    await using out = await write(yoloWriter, [{ annotations: [box([15, 0, 10, 5]), box([25, 0, 10, 5])] }]);
    expect(await out.text('labels/one.txt')).toBe('0 1.000000 0.250000 0.500000 0.500000');
    expect(out.leftOut.map(({ code }) => code)).toEqual(['doubtful', 'geometry_outside']);
    expect(out.leftOut[1]?.reason).toBe('The box [25,0,10,5] reaches out of its picture, which has 20 × 10 pixels.');
  });

  it('cuts boxes and outlines off at the edge when asked to', async () => {
    const over = triangle.map(({ x, y }) => ({ x: x + 10, y }));
    const annotations: Annotation[] = [
      box([15, -5, 10, 10]),
      box([25, 0, 5, 5]),
      { kind: 'polygon', className: 'cat', rings: [over] },
    ];
    await using out = await write(yoloWriter, [{ annotations }], { outside: 'clip' });
    expect(await out.text('labels/one.txt')).toBe(
      '0 0.875000 0.250000 0.250000 0.500000\n0 0.500000 0.000000 1.000000 0.000000 1.000000 1.000000',
    );
    expect(out.leftOut.map(({ code }) => code)).toEqual(['corrected', 'geometry_outside', 'corrected']);
  });

  it.each<[string, Annotation, string]>([
    ['a number that is none', box([Number.NaN, 1, 2, 3]), 'geometry_invalid'],
    ['an endless box', box([1, 1, Number.POSITIVE_INFINITY, 3]), 'geometry_invalid'],
    ['an outline of two points', { kind: 'polygon', className: 'cat', rings: [triangle.slice(1)] }, 'geometry_invalid'],
    [
      'an outline beyond the edge',
      { kind: 'polygon', className: 'cat', rings: [[...triangle, { x: 0, y: 11 }]] },
      'geometry_outside',
    ],
    ['a class name with a line break', box([1, 1, 2, 3], 'a\nb'), 'class_name_unsafe'],
    ['a class without a name', box([1, 1, 2, 3], ' '), 'class_name_unsafe'],
    ['a polyline', { kind: 'polyline', className: 'cat', points: triangle }, 'kind_not_supported'],
    ['a class of the picture', { kind: 'classification', className: 'cat' }, 'kind_not_supported'],
    ['a crowd', { ...box([1, 1, 2, 3]), attributes: { iscrowd: 1 } }, 'kind_not_supported'],
    ['an empty mask', { kind: 'mask', className: 'cat', size: { width: 20, height: 10 }, runs: [200] }, 'mask_invalid'],
    [
      'a mask of another size',
      { kind: 'mask', className: 'cat', size: { width: 2, height: 2 }, runs: [0, 4] },
      'mask_invalid',
    ],
    [
      'a point of no object',
      { kind: 'keypoints', className: 'nose', points: [{ x: 1, y: 1, name: 'nose' }], loose: true },
      'keypoints_invalid',
    ],
  ])('leaves out %s, and says why', async (_what, annotation, code) => {
    await using out = await write(yoloWriter, [
      { annotations: [{ ...annotation, id: 'x1' }, box([2, 3, 8, 4], 'dog')] },
    ]);
    expect(out.leftOut).toMatchObject([{ code, picture: 'one', annotation: 'x1' }]);
    expect(out.counts).toEqual([1]);
    expect(await out.text('labels/one.txt')).toMatch(/^\d 0.300000 0.500000 0.400000 0.400000$/u);
    expect(await out.text('classes.txt')).not.toContain('a\nb');
  });

  it('says what it keeps in part', async () => {
    const column = [10, 3, ...[1, 1].flatMap(() => [7, 1, 1, 1]), 7, 3]; // a square with a hole, in columns of ten
    const annotations: Annotation[] = [
      { kind: 'box', className: 'cat', box: { x: 2, y: 3, width: 8, height: 4, rotation: 0.5 } },
      { kind: 'polygon', className: 'cat', rings: [triangle, triangle] },
      { kind: 'mask', className: 'cat', size: { width: 20, height: 10 }, runs: column },
    ];
    await using out = await write(yoloWriter, [{ annotations }]);
    expect(out.leftOut.map(({ code, reason }) => `${code}: ${reason}`)).toEqual([
      'reduced: The rotation of a box is not kept.',
      'reduced: An object of 2 parts becomes as many objects: YOLO has one outline for each.',
      'reduced: Holes of a mask are not kept: an outline has none.',
    ]);
    expect((await out.text('labels/one.txt')).split('\n')).toHaveLength(4);
  });

  it('leaves out a second picture of the same name, and one whose name leads elsewhere', async () => {
    await using out = await write(yoloWriter, [
      { annotations: [] },
      { annotations: [] },
      { name: '../two', annotations: [] },
    ]);
    expect(out.counts).toEqual([0, undefined, undefined]);
    expect(out.leftOut).toMatchObject([
      { code: 'picture_duplicate', picture: 'one' },
      { code: 'name_unsafe', picture: '../two' },
    ]);
  });

  it('leaves out pictures that are missing or broken', async () => {
    await using folder = await datasetFolder({ 'broken.png': 'no picture' });
    const broken = { path: join(folder.path, 'broken.png') };
    const gone = { path: join(folder.path, 'gone.png') };
    const pictures = [broken, gone, undefined].map((picture, index) => ({
      name: `p${index}`,
      picture,
      annotations: [],
    }));
    await using out = await write(yoloWriter, pictures);
    expect(out.leftOut.map(({ code }) => code)).toEqual(['picture_broken', 'picture_missing', 'picture_missing']);
    expect(out.counts).toEqual([undefined, undefined, undefined]);
  });
});

describe('points of objects', () => {
  const eyes: Keypoint[] = [
    { x: 4, y: 5, visible: 2, name: 'nose' },
    { x: 10, y: 8, visible: 1, name: 'left_eye' },
  ];
  const person: Annotation = { kind: 'keypoints', className: 'baby', groupId: 'g1', points: eyes };

  it('become those of a person for the pose task, in its order, with the box around them', async () => {
    await using out = await write(yoloTasksWriter, [{ annotations: [person] }]);
    const nowhere = Array<string>(15).fill(' 0.000000 0.000000 0').join('');
    const line = `0 0.350000 0.650000 0.300000 0.300000 0.200000 0.500000 2 0.500000 0.800000 1${nowhere}\n`;
    expect(await out.text('pose/labels/one.txt')).toBe(line);
    expect(parse(await out.text('pose/dataset.yaml'))).toMatchObject({ nc: 1, names: ['person'], kpt_shape: [17, 3] });
  });

  it.each<[string, readonly Keypoint[], string]>([
    [
      'of which nobody says whether it can be seen',
      [{ ...eyes[0], x: 1, y: 1, visible: undefined }],
      'must be 0, 1 or 2',
    ],
    ['that a person does not have', [{ x: 1, y: 1, visible: 2, name: 'tail' }], "have no point 'tail'"],
    ['that is there twice', [...eyes, { x: 2, y: 2, visible: 2, name: 'nose' }], "has two points 'nose'"],
    ['alone', eyes.slice(1), 'its points span none'],
    ['with a number that is none', [{ x: Number.NaN, y: 2, visible: 2, name: 'nose' }], 'not finite'],
  ])('have no pose with a point %s', async (_what, points, reason) => {
    await using out = await write(yoloTasksWriter, [{ annotations: [{ ...person, points }] }]);
    expect(out.leftOut.map((entry) => entry.code)).toEqual(['keypoints_invalid']);
    expect(out.leftOut[0]?.reason).toContain(reason);
    expect(await out.text('pose/labels/one.txt')).toBe('');
  });

  it('get a shape that fits all of them in the layout for training', async () => {
    const plant: Annotation = {
      ...person,
      className: 'plant',
      points: [
        { x: 1, y: 2, name: 'root' },
        { x: 3, y: 8, name: 'top' },
      ],
    };
    await using out = await write(yoloWriter, [{ annotations: [plant] }]);
    expect(parse(await out.text('dataset.yaml'))).toMatchObject({
      names: ['plant'],
      kpt_shape: [2, 3],
      kpt_names: { 0: ['root', 'top'] },
    });
    expect(await out.text('labels/one.txt')).toMatch(
      /^0 0.100000 0.500000 .* 0.050000 0.200000 2 0.150000 0.800000 2$/u,
    );
  });

  it('outside of the picture cost the object, or become points that are not labeled', async () => {
    const points: Keypoint[] = [...eyes, { x: 21, y: 2, visible: 2, name: 'right_eye' }];
    const outside: Annotation = { ...person, points, box: { x: 1, y: 1, width: 10, height: 9 } };
    await using left = await write(yoloWriter, [{ annotations: [outside] }]);
    expect(left.leftOut).toMatchObject([{ code: 'geometry_outside', annotation: 'g1' }]);
    await using clipped = await write(yoloWriter, [{ annotations: [outside] }], { outside: 'clip' });
    expect(clipped.leftOut).toMatchObject([{ code: 'corrected' }]);
    expect((await clipped.text('labels/one.txt')).split(' ').slice(11, 14)).toEqual(['0.000000', '0.000000', '0']);
  });
});

describe('the layout with a folder for each task', () => {
  it('numbers those classes that have labels, also when others fall out after they were counted', async () => {
    const annotations = [box([0, 0, 0, 1], 'ant'), box([1, 1, 2, 2], 'cafe\u0301 '), box([1, 1, 2, 2], 'zebra')];
    await using out = await write(yoloTasksWriter, [{ annotations }]);
    expect(await out.text('detect/dataset.yaml')).toBe(
      'train: images\nval: images\nnc: 2\nnames: ["caf\u00e9", "zebra"]\n',
    );
    expect(await out.text('detect/labels/one.txt')).toMatch(/^0 .*\n1 .*\n$/u);
  });

  it('has splits', async () => {
    const pictures = ['train', 'valid'].map((split) => ({ split, annotations: [box([1, 1, 2, 2])] }));
    await using out = await write(yoloTasksWriter, pictures);
    expect(parse(await out.text('segment/dataset.yaml'))).toMatchObject({ train: 'train/images', val: 'valid/images' });
    expect(await out.text('detect/valid/labels/one.txt')).toMatch(/^0 /u);
  });
});
