import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { datasetFolder, PNG, readDataset, type ReadDataset } from '../../test/dataset-folder.js';
import { writeDataset } from '../../test/write-dataset.js';
import type { AnnotatedPicture, Annotation } from '../model/annotated-picture.js';
import type { OpenDatasetOptions } from '../model/dataset-reader.js';
import { vocReader } from './voc-reader.js';
import { vocWriter } from './voc-writer.js';
import { roundHalfEven } from './voc-xml.js';

const object = (name = 'cat', corners = [2, 3, 10, 7], more = ''): string =>
  `<object><name>${name}</name>${more}<bndbox>${['xmin', 'ymin', 'xmax', 'ymax'].map((corner, index) => `<${corner}>${corners[index]}</${corner}>`).join('')}</bndbox></object>`;
const xml = (objects: string, fileName = 'one.png'): string =>
  `<annotation><filename>${fileName}</filename><size><width>20</width><height>10</height></size>${objects}</annotation>`;
const box = { kind: 'box', className: 'cat', box: { x: 2, y: 3, width: 8, height: 4 } } as const;

async function read(
  files: Readonly<Record<string, string | Buffer>>,
  options?: OpenDatasetOptions,
): Promise<ReadDataset> {
  await using folder = await datasetFolder(files);
  return await readDataset(vocReader, folder.path, options);
}

/** What is read of the XML of one picture. */
async function readOne(text: string): Promise<{ annotations: readonly unknown[]; codes: readonly string[] }> {
  const { pictures, leftOut } = await read({ 'Annotations/one.xml': text, 'JPEGImages/one.png': PNG });
  return { annotations: pictures[0]?.annotations ?? [], codes: leftOut.map(({ code }) => code) };
}

describe('a Pascal VOC data set', () => {
  it.each(['JPEGImages', 'Images'])('has boxes, and pictures in %s', async (name) => {
    await using folder = await datasetFolder({ 'Annotations/one.xml': xml(object()), [`${name}/one.png`]: PNG });
    const { pictures, leftOut } = await readDataset(vocReader, folder.path);
    const picture = { path: join(folder.path, name, 'one.png'), size: { width: 20, height: 10 } };
    expect(pictures).toEqual([{ name: 'one', split: undefined, picture, annotations: [box] }]);
    expect(leftOut).toEqual([]);
  });

  it('may have fractions, corners in any order, and what is known of an object', async () => {
    const known = '<pose>Left</pose><truncated>1</truncated><difficult>1</difficult>';
    const { annotations } = await readOne(xml(object('cat', [10.5, 7, 2, 3]) + object('cat', [2, 3, 10, 7], known)));
    expect(annotations).toEqual([
      { ...box, box: { ...box.box, width: 8.5 } },
      { ...box, attributes: { pose: 'Left', truncated: 1, difficult: 1 } },
    ]);
  });

  it('names pictures in its files; without that they have the names of those', async () => {
    const { pictures, leftOut } = await read({
      'Annotations/1.xml': xml(object(), 'two.png'),
      'Annotations/one.xml': xml(object(), '../one.png'),
      'Annotations/three.xml': xml('', 'elsewhere.jpg'),
      'JPEGImages/one.png': PNG,
      'JPEGImages/two.png': PNG,
    });
    expect(pictures.map(({ name }) => name)).toEqual(['two', 'one']);
    expect(leftOut).toMatchObject([{ code: 'picture_missing', picture: 'three' }]);
  });

  it('has escapes in its texts, and no other entities', async () => {
    const { annotations } = await readOne(xml(object('a&lt;b&gt; &amp; &#99;<![CDATA[<d>]]>')));
    expect(annotations).toMatchObject([{ className: 'a<b> & c<d>' }]);
    const bomb = `<!DOCTYPE a [<!ENTITY x "xx"><!ENTITY y SYSTEM "file:///etc/passwd">]>${xml(object('&y;'))}`;
    expect(await readOne(bomb)).toEqual({ annotations: [], codes: ['annotations_broken'] });
    expect((await readOne(xml(object('&y;')))).codes).toEqual(['annotations_broken']);
  });

  it('has a folder of pictures, wherever it is read', async () => {
    const files = { 'train/annotations/one.xml': xml(object()), 'train/images/one.png': PNG };
    const half = { ...files, 'valid/Annotations/one.xml': xml(object()) };
    const refused = {
      code: 'dataset_not_readable',
      message: expect.stringMatching(/^No images directory found in .*valid\. Expected/) as string,
    };
    await expect(read(half)).rejects.toMatchObject(refused);
    expect((await read(half, { splits: ['train'] })).pictures).toMatchObject([{ split: 'train', name: 'one' }]);
    await expect(read({ 'Annotations/one.xml': xml(object()) })).rejects.toMatchObject({
      code: 'dataset_not_readable',
    });
  });

  it('can have splits', async () => {
    const files = {
      'valid/Annotations/one.xml': xml(object()),
      'valid/Images/one.png': PNG,
      'train/Annotations/one.xml': xml(object()),
      'train/JPEGImages/one.png': PNG,
    };
    const { pictures } = await read(files);
    expect(pictures.map(({ split, name }) => `${split}/${name}`)).toEqual(['train/one', 'valid/one']);
    await expect(read(files, { splits: ['test'] })).rejects.toMatchObject({ code: 'split_missing' });
    await expect(read({ 'readme.txt': '' })).rejects.toMatchObject({ code: 'dataset_not_readable' });
  });
});

describe('splits of the original VOC', () => {
  const files = {
    'Annotations/one.xml': xml(object()),
    'Annotations/two.xml': xml(object(), 'two.png'),
    'JPEGImages/one.png': PNG,
    'JPEGImages/two.png': PNG,
    'ImageSets/Main/train.txt': 'two\n',
    'ImageSets/Main/val.txt': 'one  1\r\n',
    'ImageSets/Main/cat_train.txt': 'one -1\n',
  };
  const names = ({ pictures }: ReadDataset): string[] => pictures.map(({ split, name }) => `${split}/${name}`);

  it('are lists of names, which count when splits are asked for', async () => {
    expect(names(await read(files, { categorized: true }))).toEqual(['train/two', 'val/one']);
    expect(names(await read(files, { splits: ['val'] }))).toEqual(['val/one']);
    expect(names(await read(files))).toEqual(['undefined/one', 'undefined/two']);
    await expect(read(files, { splits: ['test'] })).rejects.toMatchObject({ code: 'split_missing' });
    await expect(read(files, { splits: ['../Main/val'] })).rejects.toMatchObject({ code: 'split_missing' });
  });
});

describe('what cannot be read of Pascal VOC', () => {
  it.each([
    ['text that is no XML', '<annotation><x>', 'annotations_broken'],
    ['other XML', '<html></html>', 'annotations_broken'],
    ['nothing at all', '', 'annotations_broken'],
    ['elements in elements without end', xml('<a>'.repeat(100_000)), 'annotations_broken'],
    ['a file that is far too long', `${xml('')}${' '.repeat(17 * 2 ** 20)}`, 'annotations_broken'],
    ['an object without a name', xml(object('')), 'geometry_invalid'],
    ['an object without a box', xml('<object><name>cat</name></object>'), 'geometry_invalid'],
    ['a box of words', xml(object().replace('>3<', '>three<')), 'geometry_invalid'],
    ['a box of no numbers', xml(object().replace('>3<', '>NaN<')), 'geometry_invalid'],
    ['a box without width', xml(object('cat', [2, 3, 2, 7])), 'geometry_invalid'],
  ])('is told: %s', async (_what, text, code) => {
    expect(await readOne(text)).toEqual({ annotations: [], codes: [code] });
  });

  it('is text in another encoding', async () => {
    const { leftOut } = await read({
      'Annotations/one.xml': Buffer.from(xml(object('K\u00e4fer')), 'latin1'),
      'Images/one.png': PNG,
    });
    expect(leftOut).toMatchObject([{ code: 'annotations_broken', picture: 'one.xml' }]);
  });

  it('is an outline, and not its box', async () => {
    const outlined = object('cat', [2, 3, 10, 7], '<polygon><x1>1</x1></polygon><part><name>head</name></part>');
    expect(await readOne(xml(outlined))).toEqual({ annotations: [box], codes: ['reduced'] });
  });
});

describe('Pascal VOC as it is written', () => {
  async function write(annotations: readonly Annotation[]): Promise<{ text: string; codes: string[] }> {
    await using folder = await datasetFolder({ 'one.png': PNG });
    const picture = { path: join(folder.path, 'one.png') };
    const out = join(folder.path, 'out');
    const pictures: AnnotatedPicture[] = [{ name: 'one', split: undefined, picture, annotations }];
    const { leftOut } = await writeDataset(vocWriter, { folder: out, pictures });
    expect((await readdir(join(out, 'JPEGImages'))).join()).toBe('one.png');
    return {
      text: await readFile(join(out, 'Annotations', 'one.xml'), 'utf8'),
      codes: leftOut.map(({ code }) => code),
    };
  }

  it('has whole pixels', async () => {
    const { text, codes } = await write([
      { ...box, box: { x: 2.5, y: 3.5, width: 8.25, height: 4.75 }, attributes: { difficult: 1 } },
    ]);
    expect(text).toMatch(/<xmin>2<.*<ymin>4<.*<xmax>11<.*<ymax>8</su);
    expect(text).toMatch(/<difficult>1<.*<truncated>0<|<truncated>0<.*<difficult>1</su);
    expect(codes).toEqual([]);
  });

  it('leaves out what it has no place for, and says so', async () => {
    const { text, codes } = await write([
      { kind: 'polygon', className: 'road', rings: [] },
      { ...box, box: { ...box.box, y: Number.NaN } },
      { ...box, box: { ...box.box, width: -1 } },
      { ...box, className: 'a\u0000b' },
    ]);
    expect(text).not.toContain('<object>');
    expect(codes).toEqual(['kind_not_supported', 'geometry_invalid', 'geometry_invalid', 'class_name_unsafe']);
  });

  it('makes a box of a pixel at least, upright, and keeps one that reaches out', async () => {
    const small = { ...box, box: { x: 2.1, y: 3.1, width: 0.2, height: 0.2 } };
    const { text, codes } = await write([
      small,
      { ...box, box: { ...box.box, rotation: 1 } },
      { ...box, box: { ...box.box, x: -4 } },
    ]);
    expect(text).toMatch(/<xmin>2<.*<ymin>3<.*<xmax>3<.*<ymax>4</su);
    expect(codes).toEqual(['corrected', 'reduced', 'doubtful']);
  });

  it('gives back what was written, in whole pixels', async () => {
    await using source = await datasetFolder({ 'one.png': PNG });
    const whole = fc.integer({ min: -3, max: 30 });
    const length = fc.integer({ min: 1, max: 30 });
    const drawn = fc.array(
      fc.record(
        {
          kind: fc.constant('box' as const),
          className: fc.constantFrom('cat', 'a<b>&"c\'', ' x ', 'line\nbreak\r\ttab', '猫🐈', ']]>'),
          box: fc.record({ x: whole, y: whole, width: length, height: length }),
          attributes: fc.record({ pose: fc.constantFrom('Left', 'R&D'), difficult: fc.constant(1) }),
        },
        { requiredKeys: ['kind', 'className', 'box'] },
      ),
    );
    await fc.assert(
      fc.asyncProperty(drawn, async (annotations) => {
        await using folder = await datasetFolder();
        const picture = { path: join(source.path, 'one.png') };
        const pictures: AnnotatedPicture[] = [{ name: 'a/b', split: 'train', picture, annotations }];
        await writeDataset(vocWriter, { folder: folder.path, pictures });
        const { pictures: found, leftOut } = await readDataset(vocReader, folder.path);
        expect(leftOut).toEqual([]);
        expect(found).toMatchObject([{ name: 'a/b', split: 'train' }]);
        expect(found[0]?.annotations).toEqual(annotations);
      }),
      { numRuns: 15 },
    );
  });

  it('rounds to the even neighbour in the middle', () => {
    expect([0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 2.4, 2.6, -2.6].map(roundHalfEven)).toEqual([
      0, 2, 2, 0, -2, -2, 2, 3, -3,
    ]);
  });
});
