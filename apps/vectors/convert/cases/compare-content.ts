import { say } from '../../actions/cases/compare-values.js';
import { inSplit, stemOf, type Content, type Picture, type Thing } from '../content/content.js';

/** Labels of YOLO have six decimals, corners of Pascal VOC none: what is compared is compared by the coarser one. */
export interface Tolerance {
  readonly pixels: number;
}

/** Where two data sets say different things first; undefined when they agree. */
export function contentDifference(expected: Content, observed: Content, { pixels }: Tolerance): string | undefined {
  const outline = ({ pictures }: Content): string => pictures.map(addressOf).toSorted().join(', ');
  if (outline(expected) !== outline(observed)) return say('/pictures', outline(expected), outline(observed));
  if (expected.classes !== undefined && expected.classes.join('\n') !== observed.classes?.join('\n')) {
    return say('/classes', expected.classes, observed.classes);
  }
  for (const picture of expected.pictures) {
    const found = observed.pictures.find((one) => addressOf(one) === addressOf(picture));
    const difference = found && pictureDifference(picture, found, pixels);
    if (difference !== undefined) return `/pictures/${addressOf(picture)}${difference}`;
  }
  return undefined;
}

function addressOf({ split, file }: Picture): string {
  return inSplit(split, stemOf(file));
}

function pictureDifference(expected: Picture, observed: Picture, pixels: number): string | undefined {
  if (expected.bytes !== observed.bytes) return say('/bytes', expected.bytes.length, observed.bytes.length);
  return thingsDifference(expected.things, observed.things, pixels);
}

/** The same things, in whatever order? */
export function thingsDifference(
  expected: readonly Thing[],
  observed: readonly Thing[],
  pixels: number,
): string | undefined {
  const left = [...observed];
  for (const thing of expected) {
    const place = left.findIndex((one) => isSameThing(thing, one, pixels));
    if (place < 0) return say('/things', thing, left);
    left.splice(place, 1);
  }
  return left.length === 0 ? undefined : say('/things', undefined, left);
}

function isSameThing(expected: Thing, observed: Thing, pixels: number): boolean {
  return (
    (expected.kind === observed.kind || (expected.kind === 'outline' && observed.kind === 'polygon')) &&
    expected.className === observed.className &&
    areClose(comparable(expected), expected.kind === 'outline' ? extentOf(observed) : comparable(observed), pixels) &&
    (expected.box === undefined || areClose(expected.box, observed.box ?? [], pixels)) &&
    (expected.visible === undefined || expected.visible === observed.visible) &&
    haveSameAttributes(expected, observed)
  );
}

/** Only what is expected is compared: there may be more. */
function haveSameAttributes({ attributes: expected = {} }: Thing, { attributes: observed = {} }: Thing): boolean {
  return Object.entries(expected).every(([name, value]) => observed[name] === value);
}

function extentOf({ numbers }: Thing): number[] {
  const [xs, ys] = [0, 1].map((axis) => numbers.filter((_, index) => index % 2 === axis));
  return [Math.min(...(xs ?? [])), Math.min(...(ys ?? [])), Math.max(...(xs ?? [])), Math.max(...(ys ?? []))];
}

/** The points of a pose in one order, without those that are not labeled: in which order a format lists them is its own. */
function comparable({ kind, numbers }: Thing): readonly number[] {
  if (kind !== 'pose') return numbers;
  const points = Array.from({ length: numbers.length / 3 }, (_, index) => numbers.slice(index * 3, index * 3 + 3));
  const [x, y] = [0, 1];
  return points
    .filter((point) => point[2] !== 0)
    .toSorted((a, b) => (a[x] ?? 0) - (b[x] ?? 0) || (a[y] ?? 0) - (b[y] ?? 0))
    .flat();
}

function areClose(expected: readonly number[], observed: readonly number[], pixels: number): boolean {
  return (
    expected.length === observed.length &&
    expected.every((value, index) => Math.abs(value - (observed[index] ?? Number.NaN)) <= pixels)
  );
}
