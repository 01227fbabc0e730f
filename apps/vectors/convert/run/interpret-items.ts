import { join } from 'node:path';
import { convertDataset } from '@synapse-steps/datasets';
import { encode } from 'fast-png';
import { readTree } from '../../actions/world/file-tree.js';
import { World } from '../../actions/world/world.js';
import type { ItemsVector } from '../cases/convert-vector.js';
import type { FileMap, Thing } from '../content/content.js';
import { readCoco } from '../content/read-coco.js';
import { describeDatasetError } from './describe-dataset-error.js';

/** What came of one picture: what is said of it, and the ids of what is not, or why there is nothing. */
export interface ItemObservation {
  readonly things: readonly Thing[];
  readonly leftOut: readonly string[];
  readonly raised?: string;
}

type Item = ItemsVector['given']['items'][number];

/** Ours has no converter of single pictures: each is converted as a data set of one, from a folder with a picture of that size. */
export async function interpretItems({ given }: ItemsVector): Promise<ItemObservation[]> {
  const observed: ItemObservation[] = [];
  for (const item of given.items) observed.push(await interpretItem(item, given.segmentation_mode));
  return observed;
}

async function interpretItem(
  item: Item,
  segmentation: ItemsVector['given']['segmentation_mode'],
): Promise<ItemObservation> {
  const { width, height } = item;
  const png = encode({ width, height, data: new Uint8Array(width * height), channels: 1, depth: 8 });
  const given = {
    'in/json/item.json': { text: JSON.stringify(item.data) },
    'in/original_files/item.png': { base64: Buffer.from(png).toString('base64') },
  };
  await using world = await World.make({ backend: {}, faults: [], files: given });
  const [input, output] = [join(world.root, 'in'), join(world.root, 'out')];
  try {
    const { leftOut } = await convertDataset({ from: 'dm_v2', to: 'coco', input, output, segmentation });
    const files = (await readTree(output)) as FileMap;
    const { 'stuff.json': stuff, ...others } = files;
    const datasets = stuff === undefined ? [others] : [others, { ...others, 'annotations.json': stuff }];
    const things = datasets.flatMap((dataset) => readCoco(dataset).pictures.flatMap((picture) => picture.things));
    const gone = leftOut.filter(({ code }) => !KEPT.has(code));
    return { things, leftOut: gone.map(({ annotation = '' }) => annotation) };
  } catch (error) {
    return { things: [], leftOut: [], raised: String(describeDatasetError(error).message) };
  }
}

/** What is told of an annotation that is there all the same. */
const KEPT: ReadonlySet<string> = new Set(['reduced', 'corrected', 'doubtful']);
