import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { datasetFolder, PNG, readDataset, type ReadDataset } from '../../test/dataset-folder.js';
import { writeDataset, type WrittenDataset } from '../../test/write-dataset.js';
import type { Annotation, AnnotatedPicture } from '../model/annotated-picture.js';
import type { OpenDatasetOptions } from '../model/dataset-reader.js';
import { imageFolderReader } from './image-folder-reader.js';
import { imageFolderWriter } from './image-folder-writer.js';

const is = (className: string): Annotation => ({ kind: 'classification', className });

interface Written extends WrittenDataset {
  /** Files and empty folders. */
  readonly tree: readonly string[];
  readonly list: string;
}

async function write(
  pictures: readonly (Partial<AnnotatedPicture> & Pick<AnnotatedPicture, 'annotations'>)[],
  options: { readonly splits?: readonly string[]; readonly sourceClasses?: readonly string[] } = {},
): Promise<Written> {
  await using folder = await datasetFolder({ 'in/one.png': PNG, 'in/broken.png': 'no picture' });
  const out = join(folder.path, 'out');
  const picture = { path: join(folder.path, 'in', 'one.png') };
  const whole = pictures.map((one) => ({
    name: 'one',
    split: undefined,
    ...one,
    picture: one.picture === undefined ? picture : { path: join(folder.path, 'in', one.picture.path) },
  }));
  const written = await writeDataset(imageFolderWriter, { folder: out, pictures: whole, ...options });
  const entries = await readdir(out, { recursive: true, withFileTypes: true });
  const paths = entries.map((entry) => join(entry.parentPath, entry.name).slice(out.length + 1));
  const tree = paths.filter((path) => !paths.some((other) => other.startsWith(`${path}/`))).sort();
  return { ...written, tree, list: await readFile(join(out, 'classes.txt'), 'utf8') };
}

describe('the writer of folders of pictures', () => {
  it('gives every class a folder in every split, also where it has no pictures', async () => {
    const pictures = [
      { split: 'train', annotations: [is('dog')] },
      { split: 'valid', annotations: [is('cat')] },
    ];
    const { tree, list } = await write(pictures, { splits: ['train', 'valid', 'test'] });
    expect(tree).toEqual([
      'classes.txt',
      'test/cat',
      'test/dog',
      'train/cat',
      'train/dog/one.png',
      'valid/cat/one.png',
      'valid/dog',
    ]);
    expect(list).toBe('cat\ndog\n');
  });

  it('takes the first class of a picture, and says what it leaves out', async () => {
    const box: Annotation = { kind: 'box', className: 'eye', id: 'b1', box: { x: 1, y: 1, width: 2, height: 2 } };
    const { tree, leftOut } = await write([{ annotations: [box, is('dog'), is('cat')] }]);
    expect(tree).toEqual(['cat', 'classes.txt', 'dog/one.png']);
    expect(leftOut.map(({ code, annotation }) => [code, annotation])).toEqual([
      ['kind_not_supported', 'b1'],
      ['class_count', '2'],
    ]);
  });

  it.each(['a/b', '../up', '..', 'a\nb', 'a\\b', '', 'classes.txt', 'x'.repeat(256)])(
    'leaves out a picture of the class %j, which cannot be a folder',
    async (name) => {
      const { tree, list, leftOut, counts } = await write([{ annotations: [is(name)] }, { annotations: [is('cat')] }]);
      expect(tree).toEqual(['cat/one.png', 'classes.txt']);
      expect(list).toBe('cat\n');
      expect(leftOut).toMatchObject([{ code: 'class_name_unsafe', picture: 'one' }]);
      expect(counts).toEqual([undefined, 1]);
    },
  );

  it.each<[string, Partial<AnnotatedPicture>, string]>([
    ['without a class', { annotations: [] }, 'class_count'],
    ['that is broken', { picture: { path: 'broken.png' } }, 'picture_broken'],
    ['that is not there', { picture: { path: 'gone.png' } }, 'picture_missing'],
    ['whose name leads elsewhere', { name: '../one' }, 'name_unsafe'],
    ['whose name is taken', {}, 'picture_duplicate'],
  ])('leaves out a picture %s', async (_what, picture, code) => {
    const annotations = [is('cat')];
    const { tree, leftOut } = await write([{ annotations }, { annotations, ...picture }]);
    expect(tree).toEqual(['cat/one.png', 'classes.txt']);
    expect(leftOut.map((entry) => entry.code)).toEqual([code]);
  });

  it('keeps classes without pictures of a source that has a list of them', async () => {
    const { list } = await write([{ annotations: [is('cat')] }], { sourceClasses: ['dog', 'cat'] });
    expect(list).toBe('dog\ncat\n');
  });
});

describe('the reader of folders of pictures', () => {
  async function read(files: readonly string[], options: OpenDatasetOptions = {}): Promise<ReadDataset> {
    await using folder = await datasetFolder(Object.fromEntries(files.map((file) => [file, PNG])));
    return await readDataset(imageFolderReader, folder.path, options);
  }

  function brief({ pictures }: ReadDataset): unknown {
    return pictures.map(({ split, name, annotations }) => [split, name, annotations[0]?.className]);
  }

  it('takes folders for classes', async () => {
    const found = await read(['dog/one.png', 'cat/two.jpg', 'cat/deep/three.png', 'cat/notes.txt', '.git/four.png']);
    expect(brief(found)).toEqual([
      [undefined, 'deep/three', 'cat'],
      [undefined, 'two', 'cat'],
      [undefined, 'one', 'dog'],
    ]);
  });

  it('puts the class before a name that pictures of two classes have', async () => {
    const found = await read(['0/one.png', '1/one.png', '1/two.png', '2/1_one.png']);
    expect(brief(found)).toEqual([
      [undefined, '0_one', '0'],
      [undefined, '1_one_2', '1'],
      [undefined, 'two', '1'],
      [undefined, '1_one', '2'],
    ]);
  });

  it('finds splits, and takes a folder called train with pictures for a class', async () => {
    expect(brief(await read(['train/cat/one.png', 'night/cat/one.png']))).toEqual([
      ['train', 'one', 'cat'],
      ['night', 'one', 'cat'],
    ]);
    expect(brief(await read(['train/one.png', 'plane/two.png']))).toEqual([
      [undefined, 'two', 'plane'],
      [undefined, 'one', 'train'],
    ]);
  });

  it('takes the order of classes from the list, where there is one', async () => {
    await using folder = await datasetFolder({ 'cat/one.png': PNG, 'ant/one.png': PNG, 'classes.txt': 'dog\ncat\n' });
    expect((await imageFolderReader.open(folder.path, {})).classes).toEqual(['dog', 'cat', 'ant']);
  });

  it('says what is not there', async () => {
    await expect(read(['train/cat/one.png'], { splits: ['test'] })).rejects.toThrow("no split 'test'; it has: train.");
    await expect(read(['one.png'])).rejects.toThrow('has no folders');
    await expect(readDataset(imageFolderReader, '/nowhere/at/all')).rejects.toThrow('Dataset path does not exist');
  });
});
