import type { MaskAnnotation, Point } from '../model/annotated-picture.js';
import { cropMask, type Crop } from './crop-mask.js';

// The outlines of a mask's areas, through the middles of their outermost pixels: pixels that touch at a corner are of one
// area, holes and what lies in them have no outline. Areas are followed as by Suzuki and Abe (1985), and only the points
// at which an outline turns are kept.

export interface MaskOutlines {
  /** Each of three different points at least, in an order of its own that does not depend on how it was found. */
  readonly rings: readonly (readonly Point[])[];
  /** Whether something is lost because outlines have no holes. */
  readonly hasHoles: boolean;
}

export function maskOutlines(mask: MaskAnnotation): MaskOutlines {
  const crop = cropMask(mask);
  if (crop === undefined) return { rings: [], hasHoles: false };
  markOuterGround(crop);
  const rings: (readonly Point[])[] = [];
  for (let at = crop.width + 1; at < crop.pixels.length; at += 1) {
    if (crop.pixels[at] !== AREA || crop.pixels[at - 1] !== OUTER) continue;
    const ring = canonical(follow(crop, at));
    markArea(crop, at);
    if (new Set(ring.map(({ x, y }) => y * crop.width + x)).size >= 3)
      rings.push(ring.map((point) => moved(point, crop)));
  }
  const hasHoles = crop.pixels.includes(GROUND);
  return { rings: rings.sort(compareRings), hasHoles };
}

const [GROUND, AREA, OUTER, DONE] = [0, 1, 2, 3] as const;

/** Ground that is connected with the frame, side by side. */
function markOuterGround(crop: Crop): void {
  spread(crop, { from: 0, what: GROUND, mark: OUTER, steps: [1, -1, crop.width, -crop.width] });
}

function markArea(crop: Crop, from: number): void {
  spread(crop, { from, what: AREA, mark: DONE, steps: around(crop.width) });
}

interface Spread {
  readonly from: number;
  readonly what: number;
  readonly mark: number;
  readonly steps: readonly number[];
}

function spread({ pixels }: Crop, { from, what, mark, steps }: Spread): void {
  const open = [from];
  pixels[from] = mark;
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const step of steps) {
      if (pixels[at + step] !== what) continue;
      pixels[at + step] = mark;
      open.push(at + step);
    }
  }
}

/** Right, right above, above, and so on against the clock. */
function around(width: number): readonly number[] {
  return [1, 1 - width, -width, -1 - width, -1, width - 1, width, width + 1];
}

const WEST = 4;

/** From an area's first pixel, of the topmost row the leftmost, along the border, back to it. */
function follow({ pixels, width }: Crop, start: number): Point[] {
  const steps = around(width);
  const isArea = (at: number, direction: number): boolean => {
    const pixel = pixels[at + (steps[direction & 7] ?? 0)];
    return pixel === AREA || pixel === DONE;
  };
  const pointAt = (at: number): Point => ({ x: at % width, y: Math.floor(at / width) });
  let back = WEST - 1;
  while (back > WEST - 8 && !isArea(start, back)) back -= 1;
  if (back === WEST - 8) return [pointAt(start)]; // a single pixel
  const last = start + (steps[back & 7] ?? 0);
  const turns: Point[] = [];
  let [at, before] = [start, (back + 4) & 7];
  for (;;) {
    let direction = back + 1;
    while (!isArea(at, direction)) direction += 1;
    direction &= 7;
    if (direction !== before) turns.push(pointAt(at));
    const next = at + (steps[direction] ?? 0);
    if (next === start && at === last) return turns;
    [at, before, back] = [next, direction, direction + 4];
  }
}

/** The same outline, begun and turned so that it comes first of all the ways to say it. */
function canonical(ring: readonly Point[]): readonly Point[] {
  const ways = [ring, ring.toReversed()].flatMap((way) =>
    startsOf(way).map((start) => [...way.slice(start), ...way.slice(0, start)]),
  );
  return ways.reduce((best, way) => (compareRings(way, best) < 0 ? way : best));
}

/** An outline passes its least point more than once where it is thin. */
function startsOf(ring: readonly Point[]): number[] {
  const least = ring.reduce((best, point) => (comparePoints(point, best) < 0 ? point : best));
  return ring.flatMap((point, index) => (comparePoints(point, least) === 0 ? [index] : []));
}

function compareRings(a: readonly Point[], b: readonly Point[]): number {
  for (const [index, point] of a.entries()) {
    const other = b[index];
    if (other === undefined) return 1;
    const order = comparePoints(point, other);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function comparePoints(a: Point, b: Point): number {
  return a.x - b.x || a.y - b.y;
}

function moved({ x, y }: Point, { left, top }: Crop): Point {
  return { x: x + left, y: y + top };
}
