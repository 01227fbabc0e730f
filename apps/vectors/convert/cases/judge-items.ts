import { verdictBy, type Verdict } from '../../cases/verdict.js';
import type { Thing } from '../content/content.js';
import { cocoThings, type CocoAnnotation, type CocoCategory } from '../content/read-coco.js';
import { interpretItems, type ItemObservation } from '../run/interpret-items.js';
import { convertRules } from '../rules/convert-rules.js';
import { thingsDifference } from './compare-content.js';
import type { ItemsVector } from './convert-vector.js';

/** For each picture. */
export type ItemsExpectation = readonly ItemObservation[];

/** Three small data sets of one picture, or one of them: what is said of it is compared, and what is left out. */
export async function judgeItems(vector: ItemsVector): Promise<Verdict> {
  const observed = await interpretItems(vector);
  const recorded = vector.expect.items.map(expectedOf);
  return verdictBy(convertRules, (inForce) =>
    difference(
      inForce.reduce<ItemsExpectation>((expect, rule) => rule.items?.(expect, vector) ?? expect, recorded),
      observed,
    ),
  );
}

function expectedOf({ datasets, audit, failures }: ItemsVector['expect']['items'][number]): ItemObservation {
  const things: Thing[] = Object.values(datasets).flatMap(({ annotations, categories }) =>
    annotations.flatMap((one) =>
      cocoThings(one as unknown as CocoAnnotation, categories as unknown as readonly CocoCategory[]),
    ),
  );
  const skipped = audit.filter(({ outcome }) => outcome === 'skipped');
  const leftOut = [...failures, ...skipped].map(({ annotation_id: id }) => (typeof id === 'string' ? id : ''));
  return { things, leftOut };
}

function difference(expected: ItemsExpectation, observed: ItemsExpectation): string | undefined {
  for (const [index, item] of expected.entries()) {
    const found = observed[index] ?? { things: [], leftOut: [] };
    if (found.raised !== item.raised) return `/items/${index}/raised: expected ${item.raised}, found ${found.raised}`;
    const things = thingsDifference(item.things, found.things, PIXELS);
    if (things !== undefined) return `/items/${index}${things}`;
    const [wanted, gone] = [item.leftOut, found.leftOut].map((ids) => [...new Set(ids)].toSorted().join(', '));
    if (wanted !== gone) return `/items/${index}/left out: expected ${wanted}, found ${gone}`;
  }
  return undefined;
}

const PIXELS = 1e-6;
