import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { datasetFolder, PNG, readDataset } from '../../test/dataset-folder.js';
import { DatasetError } from '../dataset-error.js';
import type { Annotation } from '../model/annotated-picture.js';
import type { DatasetReader } from '../model/dataset-reader.js';
import { vocReader } from '../voc/voc-reader.js';
import { cocoReader } from './coco-reader.js';

const coco = JSON.stringify({
  images: [{ id: 1, file_name: 'one.png', width: 20, height: 10 }],
  categories: [{ id: 3, name: 'cat', keypoints: ['nose'], skeleton: [[1, 1]] }],
  annotations: [
    { id: 1, image_id: 1, category_id: 3, bbox: [2, 3, 8, 4], segmentation: [[1, 1, 5, 1, 5, 5]], iscrowd: 0 },
    { id: 2, image_id: 1, category_id: 3, segmentation: { size: [10, 20], counts: 'P155000000000\\3' } },
    { id: 3, image_id: 1, category_id: 3, keypoints: [1, 2, 2], attributes: { rotation: 1 } },
  ],
});
const voc =
  '<annotation><filename>one.png</filename><size><width>20</width><height>10</height></size><object><name>a&amp;b</name>' +
  '<bndbox><xmin>1</xmin><ymin>2</ymin><xmax>3</xmax><ymax>4</ymax></bndbox></object></annotation>';

/** A piece of a text is replaced, several times over. */
const wounds = fc.array(
  fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.nat({ max: 12 }),
    by: fc.oneof(
      fc.constantFrom('', '[', ']', '{', '}', '"', '\\', ',', 'null', '-1', '1e999', 'NaN', '<', '>', '&x;', '<!--'),
      fc.string(),
    ),
  }),
  { minLength: 1, maxLength: 4 },
);

type Wounds = typeof wounds extends fc.Arbitrary<infer T> ? T : never;

function wounded(text: string, list: Wounds): string {
  return list.reduce((before, { at, length, by }) => {
    const start = Math.floor(at * before.length);
    return before.slice(0, start) + by + before.slice(start + length);
  }, text);
}

/** Numbers of an annotation's place. */
function numbersIn(annotation: Annotation): number[] {
  const numbers: number[] = [];
  JSON.stringify(annotation, (key, value: unknown) => {
    if (typeof value === 'number' && key !== 'score') numbers.push(value);
    return key === 'attributes' ? undefined : value;
  });
  return numbers;
}

interface Subject {
  readonly format: string;
  readonly reader: DatasetReader;
  readonly file: string;
  readonly text: string;
}

describe.each<Subject>([
  { format: 'COCO', reader: cocoReader, file: 'annotations.json', text: coco },
  { format: 'Pascal VOC', reader: vocReader, file: 'Annotations/one.xml', text: voc },
])('a file of $format that is broken somewhere', ({ reader, file, text }) => {
  it('is read as far as it can be, or refused with a reason; no number that is none comes out of it', async () => {
    await fc.assert(
      fc.asyncProperty(wounds, async (list) => {
        await using folder = await datasetFolder({
          [file]: wounded(text, list),
          'one.png': PNG,
          'Images/one.png': PNG,
        });
        try {
          const { pictures, leftOut } = await readDataset(reader, folder.path);
          const numbers = pictures.flatMap(({ annotations }) => annotations.flatMap(numbersIn));
          expect(numbers.every(Number.isFinite)).toBe(true);
          expect(leftOut.every(({ reason, picture }) => reason.length > 0 && picture.length > 0)).toBe(true);
        } catch (error) {
          if (!DatasetError.is(error)) throw error;
          expect(error.code).toBe('dataset_not_readable');
        }
      }),
      { numRuns: 150 },
    );
  });
});
