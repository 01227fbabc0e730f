import type { Annotation, Box, Keypoint, Point, Size } from '../model/annotated-picture.js';
import { inventedName, type YoloConfig, type YoloPose } from './read-config.js';

export interface LabelLineOptions extends YoloConfig {
  readonly size: Size;
  /** Told of a class without a name. */
  readonly onUnnamed: (classId: number) => void;
}

/**
 * One line of a label file. How many numbers follow the class says what it is: 4 a box; as many as `kpt_shape` says, the
 * points of an object; without that, an even number an outline, and 4 + 3 × n points. A class without a name is `class_n`.
 *
 * @returns the annotation, or why it is none
 */
export function parseLabelLine(line: string, options: LabelLineOptions): Annotation | string {
  const [classId, ...numbers] = line.trim().split(/\s+/u).map(toNumber);
  if (classId === undefined || !Number.isInteger(classId) || classId < 0) {
    return 'it does not begin with the number of a class';
  }
  if (!numbers.every(Number.isFinite)) return 'it has something that is no finite number';
  const shape = shapeOf(numbers, classId, options);
  if (typeof shape === 'string') return shape;
  const { classes, unnamed, onUnnamed } = options;
  const className = classes[classId];
  if (className === undefined || unnamed.has(classId)) onUnnamed(classId);
  return { ...shape, className: className ?? inventedName(classId) };
}

type Shape<T = Annotation> = T extends Annotation ? Omit<T, 'className'> : never;

function shapeOf(numbers: readonly number[], classId: number, { pose, size }: LabelLineOptions): Shape | string {
  if (numbers.length === 4) {
    const box = boxOf(numbers, size);
    return typeof box === 'string' ? box : { kind: 'box', box };
  }
  const ownPose = poseIn(numbers, pose);
  if (ownPose) return objectOf(numbers, { pose: ownPose, size, names: pose?.names.get(classId) });
  if (numbers.length < 6 || numbers.length % 2 === 1) return `it has ${numbers.length} numbers, and no label has`;
  return { kind: 'polygon', rings: [ringOf(numbers, size)] };
}

/** `Number` alone would take an empty text for zero, and read hexadecimal numbers. */
function toNumber(text: string): number {
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/iu.test(text) ? Number(text) : Number.NaN;
}

type Pose = Pick<YoloPose, 'count' | 'dimensions'>;

function poseIn(numbers: readonly number[], pose: YoloPose | undefined): Pose | undefined {
  const { length } = numbers;
  const isEven = length % 2 === 0;
  if (pose === undefined)
    return isEven || length < 7 || (length - 4) % 3 !== 0 ? undefined : { count: (length - 4) / 3, dimensions: 3 };
  if (length !== 4 + pose.count * pose.dimensions) return undefined;
  // An outline may have as many numbers, but hardly a 0, 1 or 2 for every third of them.
  const isPose = pose.dimensions === 2 || !isEven || pairs(numbers.slice(4), 3).every(([, , seen]) => isVisible(seen));
  return isPose ? pose : undefined;
}

function isVisible(seen: number | undefined): seen is 0 | 1 | 2 {
  return seen === 0 || seen === 1 || seen === 2;
}

function boxOf([x = 0, y = 0, width = 0, height = 0]: readonly number[], size: Size): Box | string {
  if (width <= 0 || height <= 0) return 'its box has no area';
  return {
    x: (x - width / 2) * size.width,
    y: (y - height / 2) * size.height,
    width: width * size.width,
    height: height * size.height,
  };
}

function ringOf(numbers: readonly number[], { width, height }: Size): Point[] {
  return pairs(numbers, 2).map(([x = 0, y = 0]) => ({ x: x * width, y: y * height }));
}

interface ObjectOptions {
  readonly pose: Pose;
  readonly size: Size;
  readonly names: readonly string[] | undefined;
}

function objectOf(numbers: readonly number[], { pose, size, names }: ObjectOptions): Shape | string {
  const box = boxOf(numbers, size);
  if (typeof box === 'string') return box;
  const points: Keypoint[] = [];
  for (const [index, triple] of pairs(numbers.slice(4), pose.dimensions).entries()) {
    const point = pointOf(triple, size);
    if (typeof point === 'string') return point;
    const name = names?.[index];
    // Where points have names, one that is nowhere is a point that the object does not have.
    if (name === undefined) points.push(point);
    else if (point.visible !== 0 || point.x !== 0 || point.y !== 0) points.push({ ...point, name });
  }
  return { kind: 'keypoints', points, box };
}

/** Where nothing says how well points can be seen, one in the corner is none. */
function pointOf([x = 0, y = 0, seen]: readonly number[], { width, height }: Size): Keypoint | string {
  const visible = seen ?? (x > 0 || y > 0 ? 2 : 0);
  if (isVisible(visible)) return { x: x * width, y: y * height, visible };
  return `a point has the visibility ${visible}, which is none of 0, 1 and 2`;
}

function pairs(numbers: readonly number[], length: number): number[][] {
  return Array.from({ length: numbers.length / length }, (_, index) =>
    numbers.slice(index * length, (index + 1) * length),
  );
}
