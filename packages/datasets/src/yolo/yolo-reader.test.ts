import { truncate } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { datasetFolder, PNG, readDataset } from '../../test/dataset-folder.js';
import type { OpenDatasetOptions } from '../model/dataset-reader.js';
import { yoloTasksReader } from './tasks-reader.js';
import { yoloReader } from './yolo-reader.js';

describe('the reader of the layout for training', () => {
  async function read(
    files: Readonly<Record<string, string | Buffer>>,
    options: OpenDatasetOptions = {},
  ): ReturnType<typeof readDataset> {
    await using folder = await datasetFolder(files);
    return await readDataset(yoloReader, folder.path, options);
  }

  const config = { 'dataset.yaml': 'names: [cat, dog]', 'images/one.png': PNG };

  it.each([
    ['a word', 'bad', 'it does not begin with the number of a class'],
    ['a negative class', '-1 0.3 0.5 0.4 0.4', 'it does not begin with the number of a class'],
    ['words for numbers', '0 a b c d', 'it has something that is no finite number'],
    ['NaN', '0 nan 0.5 0.4 0.4', 'it has something that is no finite number'],
    ['a hexadecimal number', '0 0x1 0.5 0.4 0.4', 'it has something that is no finite number'],
    ['a box with a confidence', '0 0.3 0.5 0.4 0.4 0.9', 'it has 5 numbers, and no label has'],
    ['a box without area', '0 0.3 0.5 0 0.4', 'its box has no area'],
    ['a point that is seen too well', '0 0.5 0.5 0.5 0.5 0.1 0.2 3', 'a point has the visibility 3'],
  ])('leaves out a line with %s, and names it', async (_what, line, reason) => {
    const { pictures, leftOut } = await read({ ...config, 'labels/one.txt': `1 0.3 0.5 0.4 0.4\n\n${line}\r\n` });
    expect(pictures[0]?.annotations).toMatchObject([{ kind: 'box', className: 'dog' }]);
    expect(leftOut).toMatchObject([{ code: 'annotations_broken', picture: 'one', annotation: 'line 3' }]);
    expect(leftOut[0]?.reason).toContain(reason);
  });

  it('takes a picture without a label file for one on which there is nothing, and tells of labels without a picture', async () => {
    const { pictures, leftOut } = await read({ ...config, 'labels/two.txt': '0 0.3 0.5 0.4 0.4' });
    expect(pictures).toMatchObject([{ name: 'one', annotations: [] }]);
    expect(leftOut).toMatchObject([{ code: 'picture_missing', picture: 'two' }]);
  });

  it('lets kpt_shape say what is an outline and what are points', async () => {
    const lines = '0 0.5 0.5 0.5 0.5 0.1 0.2 2 0.3 0.4 0\n0 0 0 1 0 0.5 1';
    const yaml = 'names: {0: cat, 2: dog}\nkpt_shape: [2, 3]\nkpt_names: {0: [ear, tail]}';
    const { pictures } = await read({ ...config, 'dataset.yaml': yaml, 'labels/one.txt': lines });
    const named = [{ name: 'ear' }, { name: 'tail', visible: 0, x: 6, y: 4 }];
    expect(pictures[0]?.annotations).toMatchObject([{ kind: 'keypoints', points: named }, { kind: 'polygon' }]);
    const flat = await read({
      ...config,
      'dataset.yaml': 'names: [cat]\nkpt_shape: [2, 2]',
      'labels/one.txt': '0 0.5 0.5 0.5 0.5 0.1 0.2 0 0',
    });
    expect(flat.pictures[0]?.annotations).toMatchObject([{ points: [{ visible: 2 }, { visible: 0 }] }]);
  });

  it.each([
    ['a folder for each split', 'train/images/a.png', 'train/labels/a.txt', 'valid/images/b.png', 'valid/labels/b.txt'],
    ['splits inside', 'images/train/a.png', 'labels/train/a.txt', 'images/val/b.png', 'labels/val/b.txt'],
  ])('finds %s', async (_what, ...files) => {
    const [a, aLabels, b, bLabels] = files;
    const { pictures } = await read({ 'data.yaml': 'names: [cat]', [a]: PNG, [aLabels]: '', [b]: PNG, [bLabels]: '' });
    expect(pictures.map(({ name, split }) => [split, name])).toEqual([
      ['train', 'a'],
      [a.startsWith('train') ? 'valid' : 'val', 'b'],
    ]);
  });

  it.each<[string, Record<string, string | Buffer>, OpenDatasetOptions & { readonly message: string | RegExp }]>([
    [
      'names of classes',
      { ...config, 'dataset.yaml': '', 'labels/one.txt': '' },
      { message: 'dataset.yaml has no names, and there is no classes.txt' },
    ],
    [
      'a file of classes',
      { 'images/one.png': PNG, 'labels/one.txt': '' },
      { message: /No dataset\.yaml, data\.yaml or classes\.txt found .* classNames, or --classes on a command line\./ },
    ],
    ['pictures', { 'labels/one.txt': '' }, { message: "Expected 'images', 'img', or 'imgs'." }],
    ['labels', { 'images/one.png': PNG }, { message: "No 'labels' directory found in" }],
    [
      'the split',
      { ...config, 'train/images/a.png': PNG, 'train/labels/a.txt': '' },
      { splits: ['test'], message: "has no split 'test'; it has: train." },
    ],
    [
      'splits',
      { ...config, 'labels/one.txt': '' },
      { categorized: true, message: 'Required directory "train" does not exist' },
    ],
    [
      'a split to validate with',
      { ...config, 'train/images/a.png': PNG, 'train/labels/a.txt': '' },
      { categorized: true, message: 'Required directory "valid" does not exist' },
    ],
    ['YAML', { ...config, 'dataset.yaml': '{', 'labels/one.txt': '' }, { message: 'dataset.yaml cannot be read' }],
    [
      'usable names',
      { ...config, 'dataset.yaml': 'names: 5', 'labels/one.txt': '' },
      { message: 'dataset.yaml cannot be read' },
    ],
  ])('says that a data set is none without %s', async (_what, files, { message, ...options }) => {
    await expect(read(files, options)).rejects.toThrow(message);
  });

  it('takes names of classes from classes.txt, or from whoever reads', async () => {
    const files = {
      'classes.txt': '\uFEFFcat\r\n\r\ndog\r\n',
      'images/one.png': PNG,
      'labels/one.txt': '1 0.3 0.5 0.4 0.4\n7 0.3 0.5 0.4 0.4',
    };
    const named = (await read(files)).pictures[0]?.annotations.map(({ className }) => className);
    expect(named).toEqual(['dog', 'class_7']);
    const told = (await read(files, { classNames: ['a', 'b'] })).pictures[0]?.annotations.map(
      ({ className }) => className,
    );
    expect(told).toEqual(['b', 'class_7']);
  });

  it('tells once of a class without a name what it is called, and names lines by their numbers', async () => {
    const { pictures, leftOut } = await read({
      ...config,
      'dataset.yaml': 'names: {0: cat, 2: dog}',
      'images/two.png': PNG,
      'labels/one.txt': '0 0.3 0.5 0.4 0.4\n\n1 0.3 0.5 0.4 0.4\n7 0.3 0.5 0.4 0.4',
      'labels/two.txt': '7 0.3 0.5 0.4 0.4',
    });
    expect(pictures[0]?.annotations.map(({ className, line }) => [className, line])).toEqual([
      ['cat', 1],
      ['class_1', 3],
      ['class_7', 4],
    ]);
    const reason = expect.stringMatching(/no name for class \d: it is called class_\d/) as string;
    expect(leftOut).toEqual([
      { code: 'class_unnamed', picture: 'one', annotation: 'line 3', reason },
      { code: 'class_unnamed', picture: 'one', annotation: 'line 4', reason },
    ]);
  });

  it('reads no label file that is enormous', async () => {
    await using folder = await datasetFolder({ ...config, 'labels/one.txt': '' });
    const file = join(folder.path, 'labels', 'one.txt');
    await truncate(file, 65 * 1024 * 1024);
    const { leftOut } = await readDataset(yoloReader, folder.path);
    expect(leftOut).toMatchObject([{ code: 'annotations_broken', picture: 'one' }]);
  });
});

describe('the reader of the layout with a folder for each task', () => {
  it('puts together what tasks say of a picture, and tells once what is wrong with it', async () => {
    const task = { 'images/one.png': PNG, 'images/two.png': 'broken' };
    const files = Object.fromEntries(
      ['detect', 'segment', 'pose'].flatMap((name) =>
        Object.entries(task).map(([file, bytes]) => [`${name}/${file}`, bytes]),
      ),
    );
    await using folder = await datasetFolder({
      ...files,
      'detect/dataset.yaml': 'names: [cat]',
      'detect/labels/one.txt': '0 0.3 0.5 0.4 0.4\nbad',
      'segment/dataset.yaml': 'names: [road]',
      'segment/labels/one.txt': '0 0 0 1 0 0.5 1',
      'pose/dataset.yaml': 'names: [person]\nkpt_shape: [17, 3]',
      'pose/labels/one.txt': `0 0.5 0.5 0.5 0.5 0.1 0.2 2${' 0 0 0'.repeat(16)}`,
    });
    const { pictures, leftOut } = await readDataset(yoloTasksReader, folder.path);
    expect(pictures.map(({ annotations }) => annotations.map(({ kind, className }) => [kind, className]))).toEqual([
      [
        ['box', 'cat'],
        ['polygon', 'road'],
        ['keypoints', 'person'],
      ],
    ]);
    expect(pictures[0]?.annotations[2]).toMatchObject({ points: [{ x: 2, y: 2, visible: 2, name: 'nose' }] });
    expect(leftOut.map(({ code, picture }) => [code, picture])).toEqual([
      ['annotations_broken', 'one'],
      ['picture_broken', 'two'],
    ]);
  });

  it('refuses a folder without tasks', async () => {
    await using folder = await datasetFolder({ 'images/one.png': PNG });
    await expect(readDataset(yoloTasksReader, folder.path)).rejects.toThrow("Is it of the format 'yolo'?");
  });
});
