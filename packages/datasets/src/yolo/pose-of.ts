import { boundsOf } from '../coco/geometry.js';
import type { Box, Keypoint, KeypointsAnnotation } from '../model/annotated-picture.js';

/** Which points every object of a data set has: YOLO knows one shape for all of them. */
export interface PoseShape {
  /** In the order in which they are written. None: points have no names, and their order says which is which. */
  readonly names: readonly string[] | undefined;
  readonly count: number;
  /** Which point is which in a mirrored picture. */
  readonly flip?: readonly number[] | undefined;
  /** What an object is called, whatever its class is. */
  readonly className?: string | undefined;
  /** Only objects of which it is said how well each point can be seen. */
  readonly saidOnly?: boolean | undefined;
}

/** A point of which nothing is said can be seen. */
export type PosePoint = Keypoint & { readonly visible: 0 | 1 | 2 };

export interface Pose {
  readonly className: string;
  readonly points: readonly PosePoint[];
  readonly box: Box;
}

/** In the place of a point that an object does not have. */
export const NOT_LABELED: PosePoint = { x: 0, y: 0, visible: 0 };

/** An object's points in the order of the shape, with those that it lacks as not labeled; or why it has no such shape. */
export function poseOf(annotation: KeypointsAnnotation, shape: PoseShape | undefined): Pose | string {
  if (annotation.loose === true) return `Nothing says which object the point '${annotation.className}' belongs to.`;
  if (shape === undefined) return 'Objects with points have no shape in this data set.';
  if (shape.saidOnly === true && annotation.points.some(({ visible }) => visible === undefined)) {
    return 'An object has a point of which nobody says whether it can be seen: its visibility must be 0, 1 or 2.';
  }
  const points = inOrder(annotation.points.map(withVisible), shape);
  if (typeof points === 'string') return points;
  const box = annotation.box ?? boxAround(points);
  if (box === undefined) return 'An object has no box, and its points span none.';
  return { className: shape.className ?? annotation.className, points, box };
}

function withVisible(point: Keypoint): PosePoint {
  return { ...point, visible: point.visible ?? 2 };
}

function inOrder(points: readonly PosePoint[], shape: PoseShape): readonly PosePoint[] | string {
  if (!points.flatMap(({ x, y }) => [x, y]).every(Number.isFinite)) return 'A point has a number that is not finite.';
  if (points.some(({ name }) => name !== undefined)) return byName(points, shape);
  if (points.length > shape.count)
    return `An object has ${points.length} points, and those of this data set have ${shape.count}.`;
  return [...points, ...Array<PosePoint>(shape.count - points.length).fill(NOT_LABELED)];
}

function byName(points: readonly PosePoint[], { names = [], count }: PoseShape): readonly PosePoint[] | string {
  const places = Array<PosePoint>(count).fill(NOT_LABELED);
  const seen = new Set<string>();
  for (const point of points) {
    const name = point.name ?? '';
    const place = names.indexOf(name);
    if (place < 0)
      return `Objects of this data set have no point '${name}'; theirs are ${names.join(', ') || 'without names'}.`;
    if (seen.has(name)) return `An object has two points '${name}'.`;
    seen.add(name);
    places[place] = point;
  }
  return places;
}

/** Around the points that are labeled; none when these lie on a line along an edge. */
function boxAround(points: readonly PosePoint[]): Box | undefined {
  const labeled = points.filter(({ visible }) => visible > 0);
  const box = boundsOf(labeled);
  return labeled.length > 0 && box.width > 0 && box.height > 0 ? box : undefined;
}
