import { join } from 'node:path';

import fc from 'fast-check';
import { expect, it } from 'vitest';

import { datasetFolder, PNG, readDataset } from '../../test/dataset-folder.js';
import { writeDataset } from '../../test/write-dataset.js';
import { convertDataset } from '../convert/convert-dataset.js';
import { dmReader } from '../dm/dm-reader.js';
import { dmWriter } from '../dm/dm-writer.js';
import type { AnnotatedPicture, Annotation } from '../model/annotated-picture.js';
import { cocoReader } from './coco-reader.js';
import { cocoWriter } from './coco-writer.js';

const size = { width: 20, height: 10 };
const coordinate = fc.double({ min: -5, max: 25, noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const extent = fc.double({ min: 0.001, max: 30, noNaN: true });
const box = fc.record({ x: coordinate, y: coordinate, width: extent, height: extent });
const attributes = fc.option(
  fc.record({ iscrowd: fc.constant(1), 'a note': fc.string() }, { requiredKeys: ['a note'] }),
  {
    nil: undefined,
  },
);
const className = fc.constantFrom('cat', 'Hund', 'a/b\n"c"', '猫', '🐈', ' ', '__proto__');
/** Around a middle, so that it has an area. */
const ring = fc.tuple(coordinate, coordinate, extent).map(([x, y, by]) => [
  { x: x - by, y },
  { x, y: y - by },
  { x: x + by, y: y + by },
]);
const boxes = fc.record({ kind: fc.constant('box' as const), className, box, attributes });
const polygons = fc.record({
  kind: fc.constant('polygon' as const),
  className,
  attributes,
  box,
  rings: fc.array(ring, { minLength: 1, maxLength: 3 }),
});
const masks = fc.array(fc.boolean(), { minLength: 200, maxLength: 200 }).map((pixels) => {
  const runs = [0];
  for (const pixel of pixels) {
    if (pixel !== (runs.length % 2 === 0)) runs.push(0);
    runs[runs.length - 1] = (runs.at(-1) ?? 0) + 1;
  }
  return { kind: 'mask' as const, className: 'sky', size, runs, attributes: undefined };
});
const names = ['nose', 'ear', 'tail'];
const people = fc
  .record({
    box,
    rings: fc.array(ring, { maxLength: 2 }),
    points: fc.array(fc.tuple(coordinate, coordinate, fc.constantFrom(1 as const, 2 as const)), {
      minLength: 3,
      maxLength: 3,
    }),
  })
  .map(({ points, rings, ...rest }) => ({
    kind: 'keypoints' as const,
    className: 'person',
    attributes: undefined,
    ...rest,
    ...(rings.length > 0 && { rings }),
    points: points.map(([x, y, visible], index) => ({ x, y, visible, name: names[index] })),
  }));
const annotations = fc.array(fc.oneof(boxes, polygons, masks, people), { maxLength: 8 });
const pictures = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom('a', 'b', 'c/d', 'ü', "it's"),
    split: fc.constantFrom('train', 'valid'),
    annotations,
  }),
  { selector: ({ name, split }) => `${split}/${name}`, minLength: 1, maxLength: 6 },
);

/** What COCO does not hold: ids are its own, and the box of a mask is that of its pixels. */
function comparable(annotation: Annotation): object {
  const { id: _id, attributes: some, ...rest } = annotation;
  const { box: _box, ...mask } = { box: undefined, ...rest };
  const kept = annotation.kind === 'mask' ? mask : rest;
  return { ...kept, ...(some !== undefined && { attributes: some }) };
}

it('COCO gives back what was written: boxes, outlines, masks and points, to the last digit', async () => {
  await using source = await datasetFolder({ 'one.png': PNG });
  await fc.assert(
    fc.asyncProperty(pictures, async (drawn) => {
      await using folder = await datasetFolder();
      const picture = { path: join(source.path, 'one.png') };
      const written: AnnotatedPicture[] = drawn.map((one) => ({ ...one, picture }));
      await writeDataset(cocoWriter, { folder: join(folder.path, 'out'), pictures: written });
      const read = await readDataset(cocoReader, join(folder.path, 'out'));
      expect(read.leftOut).toEqual([]);
      const shown = (some: readonly AnnotatedPicture[]): object[] =>
        some
          .map(({ name, split, annotations: list }) => ({ name, split, annotations: list.map(comparable) }))
          .sort((left, right) => (`${left.split}/${left.name}` < `${right.split}/${right.name}` ? -1 : 1));
      expect(shown(read.pictures)).toEqual(shown(written));
    }),
    { numRuns: 60 },
  );
});

/** Without ids, which are made anew on the way, and boxes that DM leaves to what is in them. */
function inDm(annotation: Annotation): object {
  const { id: _id, groupId: _group, attributes: some = {}, ...rest } = annotation;
  if (rest.kind === 'polygon' || rest.kind === 'mask') return { ...rest, box: undefined, attributes: some };
  if (rest.kind !== 'keypoints') return { ...rest, attributes: some };
  return { ...rest, attributes: some, points: rest.points.map(({ id: _point, ...point }) => point) };
}

it('DM comes back through COCO with all that COCO can carry', async () => {
  await using source = await datasetFolder({ 'one.png': PNG });
  await fc.assert(
    fc.asyncProperty(pictures, async (drawn) => {
      await using folder = await datasetFolder();
      const at = (name: string): string => join(folder.path, name);
      const picture = { path: join(source.path, 'one.png') };
      await writeDataset(dmWriter('dm_v2'), { folder: at('dm'), pictures: drawn.map((one) => ({ ...one, picture })) });
      await convertDataset({ from: 'dm_v2', to: 'coco', input: at('dm'), output: at('coco') });
      await convertDataset({ from: 'coco', to: 'dm_v2', input: at('coco'), output: at('back') });
      const [before, after] = [
        await readDataset(dmReader('dm_v2'), at('dm')),
        await readDataset(dmReader('dm_v2'), at('back')),
      ];
      const shown = (some: readonly AnnotatedPicture[]): object[] =>
        some.map(({ name, split, annotations: list }) => ({ name, split, annotations: list.map(inDm) }));
      expect(shown(after.pictures)).toEqual(shown(before.pictures));
      expect(after.pictures).toHaveLength(drawn.length);
    }),
    { numRuns: 25 },
  );
});
