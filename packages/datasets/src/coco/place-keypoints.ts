import type { Keypoint, KeypointsAnnotation } from '../model/annotated-picture.js';
import type { KeypointShape } from '../model/dataset-reader.js';

/** Three numbers for each point that objects of the class have, in the class's order; or why that cannot be. */
export function placeKeypoints(
  { points, className }: KeypointsAnnotation,
  shape: KeypointShape | undefined,
): number[] | string {
  const problem = problemOf(points);
  if (problem !== undefined) return problem;
  const count = shape?.count ?? 0;
  const numbers = Array.from({ length: 3 * count }, () => 0);
  const taken = new Set<number>();
  for (const [index, point] of points.entries()) {
    const place = placeOf(point, index, shape);
    if (place < 0 || place >= count) return `Objects of class '${className}' have no point ${point.name ?? index}.`;
    if (taken.has(place)) return `It has the point ${point.name ?? index} twice.`;
    taken.add(place);
    numbers.splice(place * 3, 3, point.x, point.y, visibilityOf(point));
  }
  return numbers;
}

/** -1 for a name that the class does not know. */
function placeOf({ name }: Keypoint, index: number, shape: KeypointShape | undefined): number {
  if (name === undefined) return index;
  return shape?.names?.indexOf(name) ?? -1;
}

function problemOf(points: readonly Keypoint[]): string | undefined {
  if (!points.some(isLabeled)) return 'None of its points is labeled.';
  if (points.every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y))) return undefined;
  return 'Its points are not of finite numbers.';
}

/** Whether somebody has marked the point. Where nobody says so, it is there to be seen. */
export function isLabeled(point: Keypoint): boolean {
  return visibilityOf(point) > 0;
}

function visibilityOf({ visible = 2 }: Keypoint): 0 | 1 | 2 {
  return visible;
}
