import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { JsonObject } from '@synapse-steps/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';

import { PNG, readDataset } from '../../test/dataset-folder.js';
import { testFolder } from '../../test/start-dataset-backend.js';
import { writeDataset } from '../../test/write-dataset.js';
import type { Annotation } from '../model/annotated-picture.js';
import { dmReader } from './dm-reader.js';
import { dmWriter } from './dm-writer.js';

const number = fc.double({ min: -1000, max: 1000, noNaN: true }).map((value) => value + 0); // JSON has no -0
const point = fc.record({ x: number, y: number });
const box = fc.record({ x: number, y: number, width: number, height: number });
const className = fc.string({ minLength: 1, unit: 'grapheme' });
const taken = ['rotation', 'visibility', 'class', '__proto__'];
const attributes = fc.option(
  fc
    .dictionary(
      fc.string().filter((name) => !taken.includes(name)),
      fc.jsonValue(),
      { minKeys: 1 },
    )
    .map((value) => JSON.parse(JSON.stringify(value)) as JsonObject),
  { nil: undefined },
);
const ring = fc.array(point, { minLength: 3, maxLength: 6 });
const visible = fc.constantFrom(0 as const, 1 as const, 2 as const);
const runs = fc
  .uniqueArray(fc.integer({ min: 0, max: 199 }), { minLength: 1, maxLength: 50 })
  .map((pixels) => runsOf(new Set(pixels)));

function runsOf(pixels: ReadonlySet<number>): number[] {
  const lengths: number[] = [0];
  for (let at = 0; at < 200; at += 1) {
    const isInside = lengths.length % 2 === 0;
    if (pixels.has(at) !== isInside) lengths.push(0);
    lengths[lengths.length - 1] = (lengths.at(-1) ?? 0) + 1;
  }
  return lengths;
}

const annotation = fc.oneof(
  fc.record({ kind: fc.constant('box' as const), className, attributes, box }),
  fc.record({
    kind: fc.constant('polygon' as const),
    className,
    attributes,
    rings: fc.array(ring, { minLength: 1, maxLength: 1 }),
  }),
  fc.record({
    kind: fc.constant('polyline' as const),
    className,
    points: fc.array(point, { minLength: 2, maxLength: 5 }),
  }),
  fc.record({ kind: fc.constant('keypoints' as const), className, box, points: fc.array(fc.record({ x: number, y: number, visible }), { minLength: 1 }) }), // prettier-ignore
  fc.record({ kind: fc.constant('mask' as const), className, runs, size: fc.constant({ width: 20, height: 10 }) }),
  fc.record({ kind: fc.constant('classification' as const), className, attributes }),
);

const annotations = fc
  .array(annotation, { maxLength: 12 })
  .map((list) => list.map((item, index): Annotation => withoutUndefined({ ...item, id: `i${index}` })));

function withoutUndefined(value: Annotation): Annotation {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as unknown as Annotation;
}

it.each(['dm_v2', 'dm_v1'] as const)('%s gives back all that was written', async (format) => {
  const root = await testFolder({ 'a.png': PNG });
  let run = 0;
  const property = fc.asyncProperty(annotations, async (given) => {
    const folder = join(root, String((run += 1)));
    const picture = { path: join(root, 'a.png') };
    await writeDataset(dmWriter(format), {
      folder,
      pictures: [{ name: 'a', split: undefined, picture, annotations: given }],
    });
    const { pictures, leftOut } = await readDataset(dmReader(format), folder);
    const byId = (list: readonly Annotation[]): Map<string | undefined, Annotation> =>
      new Map(list.map((item) => [item.id, item]));
    expect(leftOut).toEqual([]);
    expect(byId(pictures[0]?.annotations ?? [])).toEqual(byId(given));
  });
  await fc.assert(property, { numRuns: 150 });
});

it('reads any JSON without an exception, and without NaN in what it gives', async () => {
  const root = await testFolder({ 'original_files/a.png': PNG });
  const tool = fc.constantFrom(
    'bounding_box',
    'polygon',
    'polyline',
    'keypoint',
    'segmentation',
    'classification',
    'group',
    'x',
  );
  const entry = fc.record(
    {
      id: fc.oneof(fc.string(), fc.integer(), fc.constant(null)),
      classification: fc.oneof(fc.string(), fc.jsonValue()),
      attrs: fc.jsonValue(),
      data: fc.oneof(
        fc.jsonValue(),
        fc.array(fc.array(fc.double()), { maxLength: 5 }),
        fc.array(fc.integer(), { maxLength: 5 }),
      ),
      group_id: fc.constantFrom('g', 'h'),
      encoding: fc.constantFrom('raw_indices', 'dm_rle', 'x'),
    },
    { requiredKeys: [] },
  );
  const image = fc.dictionary(tool, fc.oneof(fc.array(entry, { maxLength: 4 }), fc.jsonValue()));
  const document = fc.oneof(
    fc.record({ images: fc.array(image, { maxLength: 2 }) }),
    fc.jsonValue(),
    fc.record({ annotations: fc.dictionary(tool, fc.array(entry)) }),
  );
  await mkdir(join(root, 'json'));
  const property = fc.asyncProperty(document, async (given) => {
    await writeFile(join(root, 'json/a.json'), JSON.stringify(given));
    const { pictures } = await readDataset(dmReader('dm_v2'), root);
    expect(
      JSON.stringify(pictures.map(({ annotations: list }) => list.map(({ attributes: _, ...item }) => item))),
    ).not.toContain('null');
    for (const format of ['dm_v2', 'dm_v1'] as const) {
      const folder = await testFolder();
      await writeDataset(dmWriter(format), { folder: join(folder, 'out'), pictures });
    }
  });
  await fc.assert(property, { numRuns: 150 });
});
