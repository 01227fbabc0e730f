import type { Box, Point, Size } from '../model/annotated-picture.js';

/**
 * What becomes of what reaches out of its picture. `keep`: written as it is as long as trainers read it, which is as long as
 * every number is from 0 to 1 (a box's middle and its size, not its corners).
 */
export type EdgeRule = 'keep' | 'clip' | 'leave-out';

/** Labels have six decimals: who reads them back gets an edge that is off by that much. */
const TOLERANCE = 1e-6;

export function isBoxInside({ x, y, width, height }: Box, size: Size): boolean {
  return isInside({ x, y }, size) && isInside({ x: x + width, y: y + height }, size);
}

export function isInside({ x, y }: Point, { width, height }: Size): boolean {
  const [across, down] = [width * TOLERANCE, height * TOLERANCE];
  return x >= -across && y >= -down && x <= width + across && y <= height + down;
}

/** The part of a box inside the picture; none when it lies outside as a whole. */
export function clipBox(box: Box, size: Size): Box | undefined {
  const [left, top] = [Math.max(box.x, 0), Math.max(box.y, 0)];
  const width = Math.min(box.x + box.width, size.width) - left;
  const height = Math.min(box.y + box.height, size.height) - top;
  return width > 0 && height > 0 ? { x: left, y: top, width, height } : undefined;
}

/** The part of an outline inside the picture, cut along one edge after the other; none when fewer than three points are left. */
export function clipRing(ring: readonly Point[], { width, height }: Size): readonly Point[] | undefined {
  const edges: readonly Edge[] = [
    { axis: 'x', at: 0, side: 1 },
    { axis: 'x', at: width, side: -1 },
    { axis: 'y', at: 0, side: 1 },
    { axis: 'y', at: height, side: -1 },
  ];
  const inside = edges.reduce<readonly Point[]>(cutAt, ring);
  return inside.length >= 3 ? inside : undefined;
}

interface Edge {
  readonly axis: 'x' | 'y';
  readonly at: number;
  /** 1: larger values are inside. */
  readonly side: 1 | -1;
}

function cutAt(ring: readonly Point[], edge: Edge): Point[] {
  const depth = (point: Point): number => (point[edge.axis] - edge.at) * edge.side;
  return ring.flatMap((point, index) => {
    const before = ring.at(index - 1) ?? point;
    const crosses = depth(point) * depth(before) < 0;
    const crossing = crosses
      ? [between(before, point, { edge, share: depth(before) / (depth(before) - depth(point)) })]
      : [];
    return depth(point) >= 0 ? [...crossing, point] : crossing;
  });
}

function between(from: Point, to: Point, { edge, share }: { edge: Edge; share: number }): Point {
  const point = { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
  return { ...point, [edge.axis]: edge.at };
}
