import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { datasetFolder, PNG, readDataset } from '../../test/dataset-folder.js';
import { cocoReader } from '../coco/coco-reader.js';
import { dmReader } from '../dm/dm-reader.js';
import { vocReader } from '../voc/voc-reader.js';
import { yoloReader } from '../yolo/yolo-reader.js';
import { convertDataset } from './convert-dataset.js';

const TYPED = '고양이 é'.normalize('NFC');
const FROM_MAC = TYPED.normalize('NFD');
const BOX = { id: 'a', classification: 'cat', data: [2, 3, 8, 4] };
const VOC =
  '<annotation><object><name>cat</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>5</xmax><ymax>5</ymax></bndbox></object></annotation>';
const COCO = {
  categories: [{ id: 0, name: 'cat' }],
  annotations: [{ id: 0, image_id: 0, category_id: 0, bbox: [2, 3, 8, 4] }],
};

describe('odd data sets', () => {
  it.each([
    [
      'DM',
      dmReader('dm_v2'),
      { [`json/${TYPED}.json`]: { images: [{ bounding_box: [BOX] }] }, [`original_files/${FROM_MAC}.png`]: PNG },
    ],
    [
      'YOLO',
      yoloReader,
      { 'classes.txt': 'cat', [`labels/${TYPED}.txt`]: '0 .5 .5 .2 .2', [`images/${FROM_MAC}.png`]: PNG },
    ],
    ['Pascal VOC', vocReader, { [`Annotations/${TYPED}.xml`]: VOC, [`JPEGImages/${FROM_MAC}.png`]: PNG }],
    [
      'COCO',
      cocoReader,
      { 'annotations.json': { ...COCO, images: [{ id: 0, file_name: `${TYPED}.png` }] }, [`${FROM_MAC}.png`]: PNG },
    ],
  ])('%s finds a picture although its name was composed by another system', async (_name, reader, files) => {
    await using folder = await datasetFolder(files);
    const { pictures, leftOut } = await readDataset(reader, folder.path);
    expect(leftOut).toEqual([]);
    expect(pictures).toMatchObject([{ annotations: [{ className: 'cat' }] }]);
    expect(pictures[0]?.picture?.path).toContain(FROM_MAC);
  });

  it('COCO from Windows finds its pictures', async () => {
    const images = [{ id: 0, file_name: 'street\\one.png', width: 20, height: 10 }];
    await using folder = await datasetFolder({ 'annotations.json': { ...COCO, images }, 'street/one.png': PNG });
    const { pictures, leftOut } = await readDataset(cocoReader, folder.path);
    expect(leftOut).toEqual([]);
    expect(pictures).toMatchObject([
      { name: 'street/one', picture: { size: { width: 20 } }, annotations: [{ className: 'cat' }] },
    ]);
  });

  it('pictures that nothing is said of are told of', async () => {
    await using dm = await datasetFolder({
      'json/a.json': { images: [] },
      'original_files/a.png': PNG,
      'original_files/b.png': PNG,
    });
    await using voc = await datasetFolder({
      'Annotations/a.xml': VOC,
      'JPEGImages/a.png': PNG,
      'JPEGImages/b.png': PNG,
    });
    for (const { pictures, leftOut } of [
      await readDataset(dmReader('dm_v2'), dm.path),
      await readDataset(vocReader, voc.path),
    ]) {
      expect(pictures).toMatchObject([{ name: 'a' }]);
      expect(leftOut).toMatchObject([{ code: 'annotations_missing', picture: 'b' }]);
    }
  });

  it('a list of classes that is not UTF-8 is refused rather than read as other names', async () => {
    await using folder = await datasetFolder({
      'classes.txt': Buffer.from('b0edbee7c0cc0ab0b3', 'hex'),
      'labels/a.txt': '0 .5 .5 .2 .2',
      'images/a.png': PNG,
    });
    await expect(readDataset(yoloReader, folder.path)).rejects.toThrow(/classes\.txt is not UTF-8.*classNames/u);
    const { pictures } = await readDataset(yoloReader, folder.path, { classNames: ['cat', 'dog'] });
    expect(pictures).toMatchObject([{ annotations: [{ className: 'cat' }] }]);
  });

  it('a dataset.yaml without names is said to be without names', async () => {
    await using folder = await datasetFolder({ 'dataset.yaml': 'nc: 2', 'labels/a.txt': '', 'images/a.png': PNG });
    await expect(readDataset(yoloReader, folder.path)).rejects.toThrow(/dataset\.yaml has no names.*classNames/u);
  });

  it('what is called a picture and is a folder or leads in a circle costs nothing else', async () => {
    await using folder = await datasetFolder({
      'in/json/a.json': { images: [] },
      'in/json/b.json': { images: [] },
      'in/json/c.json': { images: [] },
      'in/original_files/a.png': PNG,
    });
    const pictures = join(folder.path, 'in/original_files');
    await mkdir(join(folder.path, 'elsewhere'));
    await symlink(join(folder.path, 'elsewhere'), join(pictures, 'b.png'));
    await symlink(join(pictures, 'c.png'), join(pictures, 'c.png'));
    const report = await convertDataset({
      from: 'dm_v2',
      to: 'dm_v1',
      input: join(folder.path, 'in'),
      output: join(folder.path, 'out'),
    });
    expect(report).toMatchObject({ pictures: 3, leftOutCounts: { picture_broken: 1, picture_missing: 1 } });
  });

  it('one picture with 150,000 annotations in one group is read, and quickly', async () => {
    const points = Array.from({ length: 150_000 }, (_, id) => ({
      id: `${id}`,
      tool: 'bounding_box',
      group_id: 'g',
      classification: { class: 'cat' },
      data: [1, 1, 2, 2],
    }));
    await using folder = await datasetFolder({
      'json/a.json': { annotations: { image_1: points } },
      'original_files/a.png': PNG,
    });
    const { pictures, leftOut } = await readDataset(dmReader('dm_v1'), folder.path);
    expect(leftOut).toEqual([]);
    expect(pictures[0]?.annotations).toHaveLength(150_000);
  });
});
