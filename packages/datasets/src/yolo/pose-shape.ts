import type { KeypointShape } from '../model/dataset-reader.js';
import { PERSON_FLIP, PERSON_POINTS } from './person-17.js';
import type { PoseShape } from './pose-of.js';

/** The one shape that a YOLO data set has, wide enough for all objects; none when no object has points. */
export function poseShapeOf(shapes: ReadonlyMap<string, KeypointShape> = new Map()): PoseShape | undefined {
  const all = [...shapes.values()];
  if (all.length === 0) return undefined;
  const names = [...new Set(all.flatMap((shape) => shape.names ?? []))];
  const count = Math.max(names.length, ...all.map((shape) => shape.count));
  if (names.length > 0 && count <= PERSON_POINTS.length && names.every((name) => PERSON_POINTS.includes(name))) {
    return { names: PERSON_POINTS, count: PERSON_POINTS.length, flip: PERSON_FLIP };
  }
  return { names: names.length > 0 ? names : undefined, count, flip: flipOf(all, count) };
}

/** As the source says, where all objects have the same. */
function flipOf(shapes: readonly KeypointShape[], count: number): readonly number[] | undefined {
  const flip = shapes[0]?.flip;
  const isSame = shapes.every((shape) => shape.flip?.join() === flip?.join());
  return isSame && flip?.length === count ? flip : undefined;
}
