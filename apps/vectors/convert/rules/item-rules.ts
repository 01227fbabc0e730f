import type { ItemsVector } from '../cases/convert-vector.js';
import { joined } from '../content/carried.js';
import type { Thing } from '../content/content.js';
import { thingsIn } from '../content/read-dm.js';
import type { ItemObservation } from '../run/interpret-items.js';
import type { ConvertRule } from './convert-rule.js';

type Item = ItemsVector['given']['items'][number];

/** One picture at a time to COCO. */
export const itemRules: readonly ConvertRule[] = [
  {
    id: 'unsaid-is-visible',
    defects: [],
    where: 'nobody says of the points of an object how well they can be seen',
    sdk: '2026.2 leaves the object out of COCO; 2026.1 took its points for visible',
    ours: 'takes them for visible, in COCO and in the layout for training; `yolo-tasks` leaves the object out, as the SDK does',
    why: 'points of DM seldom say it, and a data set without its points is of no use',
    items: (expect, { given }) => expect.map((item, index) => withUnsaid(item, given.items[index])),
  },
  {
    id: 'mask-says-its-encoding',
    defects: [],
    where: 'a mask names its encoding, and does not say whether it is compressed',
    sdk: 'refuses it for COCO, and takes it for YOLO',
    ours: 'takes it',
    why: 'the encoding says all that is needed',
    items: (expect, { given }) =>
      expect.map((item, index) => withMasks(item, given.items[index], given.segmentation_mode)),
  },
];

function withUnsaid(expected: ItemObservation, item: Item | undefined): ItemObservation {
  const things = item === undefined ? [] : thingsIn(item.data);
  const unsaid = things.filter(
    ({ kind, group, visible }) => kind === 'point' && group !== undefined && visible === undefined,
  );
  const groups = new Set(unsaid.map(({ group }) => group ?? ''));
  if (groups.size === 0) return expected;
  const poses = joined(things.filter(({ group }) => groups.has(group ?? '')));
  const leftOut = expected.leftOut.filter((id) => !groups.has(id));
  return { ...expected, things: [...expected.things, ...poses], leftOut };
}

function withMasks(expected: ItemObservation, item: Item | undefined, mode: string): ItemObservation {
  const things = item === undefined || mode === 'exclude' ? [] : thingsIn(item.data);
  const refused = things.filter(({ kind, id = '' }) => kind === 'mask' && expected.leftOut.includes(id));
  const masks = refused.map((mask): Thing => ({ ...mask, numbers: mask.numbers.toSorted((a, b) => a - b) }));
  const leftOut = expected.leftOut.filter((id) => !refused.some((mask) => mask.id === id));
  return { ...expected, things: [...expected.things, ...masks], leftOut };
}
