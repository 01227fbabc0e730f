import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { datasetFolder, PNG, readDataset } from '../../test/dataset-folder.js';
import { writeDataset } from '../../test/write-dataset.js';
import { convertDataset } from '../convert/convert-dataset.js';
import { dmReader } from '../dm/dm-reader.js';
import { dmWriter } from '../dm/dm-writer.js';
import type { AnnotatedPicture, Annotation, Point } from '../model/annotated-picture.js';
import type { DatasetFormat } from '../model/dataset-format.js';
import { PERSON_POINTS } from './person-17.js';

const [WIDTH, HEIGHT] = [20, 10];
const share = fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0);
const point = fc.tuple(share, share).map(([x, y]): Point => ({ x: x * WIDTH, y: y * HEIGHT }));
const extent = fc.double({ min: 0.001, max: 1, noNaN: true });
const box = fc.tuple(share, share, extent, extent).map(([x, y, width, height]) => ({
  x: x * (1 - width) * WIDTH,
  y: y * (1 - height) * HEIGHT,
  width: width * WIDTH,
  height: height * HEIGHT,
}));
const className = fc.constantFrom('cat', 'Hund 2', 'a/b "c"', "dog's", '猫', '🐈', 'yes', '1', '[x]: {y} # z');
const boxes = fc.record({ kind: fc.constant('box' as const), className, box });
const outline = fc
  .uniqueArray(point, { minLength: 3, maxLength: 7, selector: ({ x, y }) => `${x.toFixed(6)} ${y.toFixed(6)}` })
  .map((ring) => [ring]);
const polygons = fc.record({ kind: fc.constant('polygon' as const), className, rings: outline });
const visible = fc.constantFrom<1 | 2>(1, 2);

/** Objects of as many points as all others; or with named points, of which some are not there. */
function objects(names: readonly string[] | undefined, className_: string): fc.Arbitrary<Annotation> {
  const count = names?.length ?? 4;
  const points = fc.array(fc.tuple(point, visible, fc.boolean()), { minLength: count, maxLength: count });
  return fc.record({ box, points }).map((drawn) => ({
    kind: 'keypoints' as const,
    className: className_,
    box: drawn.box,
    points: drawn.points.flatMap(([place, seen, isThere], index) => {
      const name = names?.[index];
      if (name !== undefined && !isThere && index > 0) return [];
      return [{ ...place, visible: seen, ...(name !== undefined && { name }) }];
    }),
  }));
}

function pictures(annotation: fc.Arbitrary<Annotation>): fc.Arbitrary<Omit<AnnotatedPicture, 'picture'>[]> {
  const one = fc.record({
    name: fc.constantFrom('a', 'b', 'ü', "it's", 'c.d'),
    split: fc.constantFrom('train', 'valid', 'night'),
    // Where labels are sorted, it is by these.
    annotations: fc
      .array(annotation, { maxLength: 6 })
      .map((list) =>
        list.map((item, index) => ({ ...item, [item.kind === 'keypoints' ? 'groupId' : 'id']: `id${index}` })),
      ),
  });
  return fc.uniqueArray(one, { selector: ({ name, split }) => `${split}/${name}`, minLength: 1, maxLength: 5 });
}

/** Numbers have six decimals of a share of the picture, and a box is said by its middle. */
const TOLERANCE = 2e-6 * WIDTH;

/** What YOLO holds of a data set, in an order that does not depend on how it is written. */
function comparable(data: readonly Omit<AnnotatedPicture, 'picture'>[]): unknown[] {
  const kinds = ['box', 'polygon', 'keypoints'];
  const order = (name: string): number => ['train', 'valid', 'night'].indexOf(name);
  return data
    .toSorted((a, b) => order(a.split ?? '') - order(b.split ?? '') || (a.name < b.name ? -1 : 1))
    .map(({ name, split, annotations }) => ({
      name,
      split,
      annotations: kinds.flatMap((kind) =>
        annotations.filter((annotation) => annotation.kind === kind).map(withoutIds),
      ),
    }));
}

/** Names say which point is which; without names it is their order. */
function withoutIds({ id: _id, groupId: _group, ...annotation }: Annotation): object {
  if (annotation.kind !== 'keypoints') return annotation;
  const points = annotation.points.map(({ id: _point, ...rest }) => rest);
  const isNamed = points.every(({ name }) => name !== undefined);
  return {
    ...annotation,
    points: isNamed ? points.toSorted((a, b) => ((a.name ?? '') < (b.name ?? '') ? -1 : 1)) : points,
  };
}

function expectClose(found: unknown, wanted: unknown): void {
  if (typeof wanted === 'number' && typeof found === 'number') expect(Math.abs(found - wanted)).toBeLessThan(TOLERANCE);
  else if (Array.isArray(wanted) && Array.isArray(found)) {
    expect(found).toHaveLength(wanted.length);
    for (const [index, item] of wanted.entries()) expectClose(found[index], item);
  } else if (typeof wanted === 'object' && wanted !== null && typeof found === 'object' && found !== null) {
    expect(Object.keys(found).sort()).toEqual(Object.keys(wanted).sort());
    for (const [key, item] of Object.entries(wanted)) expectClose(Reflect.get(found, key), item);
  } else expect(found).toEqual(wanted);
}

/** DM → `format` → DM. */
async function roundTrip(
  format: DatasetFormat,
  drawn: readonly Omit<AnnotatedPicture, 'picture'>[],
): Promise<AnnotatedPicture[]> {
  await using folder = await datasetFolder({ 'one.png': PNG });
  const place = (name: string): string => join(folder.path, name);
  const written = drawn.map((one) => ({ ...one, picture: { path: place('one.png') } }));
  await writeDataset(dmWriter('dm_v2'), { folder: place('dm'), pictures: written });
  const there = await convertDataset({ from: 'dm_v2', to: format, input: place('dm'), output: place('out') });
  expect(there.leftOut).toEqual([]);
  const back = await convertDataset({
    from: format,
    to: 'dm_v2',
    input: place('out'),
    output: place('back'),
    splits: await readdir(place('dm')), // a folder of any name may be a split
  });
  expect(back.leftOut).toEqual([]);
  expect(await readdir(place('back'))).toEqual(await readdir(place('dm')));
  return [...(await readDataset(dmReader('dm_v2'), place('back'))).pictures];
}

function checkRoundTrips(format: DatasetFormat, annotation: fc.Arbitrary<Annotation>): Promise<void> {
  const property = fc.asyncProperty(pictures(annotation), async (drawn) => {
    expectClose(comparable(await roundTrip(format, drawn)), comparable(drawn));
  });
  return fc.assert(property, { numRuns: 40 });
}

describe('DM comes back from', () => {
  it('the layout for training: boxes, outlines, and points by their order', async () => {
    await checkRoundTrips('yolo', fc.oneof(boxes, polygons, objects(undefined, 'plant')));
  });

  it('the layout for training: points by their names', async () => {
    await checkRoundTrips('yolo', fc.oneof(boxes, objects(['root', 'top', 'leaf'], 'plant')));
  });

  it('the layout with a folder for each task: boxes, outlines and people', async () => {
    await checkRoundTrips('yolo-tasks', fc.oneof(boxes, polygons, objects(PERSON_POINTS, 'person')));
  });

  it('folders of pictures: one class each', async () => {
    const safe = className.filter((name) => !name.includes('/'));
    const one = pictures(fc.record({ kind: fc.constant('classification' as const), className: safe }));
    const property = fc.asyncProperty(one, async (drawn) => {
      const single = drawn.map((picture) => ({ ...picture, annotations: picture.annotations.slice(0, 1) }));
      const classified = single.filter(({ annotations }) => annotations.length === 1);
      fc.pre(classified.length > 0);
      const back = await roundTrip('imagefolder', classified);
      const names = (data: readonly Omit<AnnotatedPicture, 'picture'>[]): string[] =>
        data.map(({ name, split = '', annotations }) => `${split}/${name}: ${annotations[0]?.className}`).sort();
      expect(names(back)).toEqual(names(classified));
    });
    await fc.assert(property, { numRuns: 40 });
  });
});
