import type {
  Annotation,
  Box,
  BoxAnnotation,
  KeypointsAnnotation,
  MaskAnnotation,
  Point,
  PolygonAnnotation,
  Size,
} from '../model/annotated-picture.js';
import type { LeftOutCode } from '../model/left-out.js';
import { clipBox, clipRing, isBoxInside, isInside, type EdgeRule } from './label-edge.js';
import { maskOutlines } from './mask-outlines.js';
import { NOT_LABELED, poseOf, type PosePoint, type PoseShape } from './pose-of.js';

// One annotation becomes the labels that say it: numbers from 0 to 1 of the picture's width and height, in the order of YOLO.

export const yoloTasks = ['detect', 'segment', 'pose'] as const;
export type YoloTask = (typeof yoloTasks)[number];

/** A line of a label file, but for its class. */
export interface Label {
  readonly task: YoloTask;
  readonly className: string;
  readonly numbers: readonly LabelNumber[];
}

/** A share of the picture; a whole number, such as how well a point can be seen, is written without decimals. */
type LabelNumber = number | { readonly whole: number };

/** Why there are no labels, or fewer than there could be. */
interface LabelProblem {
  readonly code: LeftOutCode;
  readonly reason: string;
}

export interface LabelRules {
  readonly edge: EdgeRule;
  readonly masks: 'instance' | 'semantic' | 'exclude';
  /** Which points an object has; none: no object has points. */
  readonly pose: PoseShape | undefined;
}

export interface Labels {
  readonly labels: readonly Label[];
  readonly problems: readonly LabelProblem[];
}

export function labelsOf(annotation: Annotation, subject: { readonly size: Size; readonly rules: LabelRules }): Labels {
  const labels = new LabelsOf(annotation.className, subject.size, subject.rules);
  labels.add(annotation);
  return labels;
}

class LabelsOf implements Labels {
  readonly labels: Label[] = [];
  readonly problems: LabelProblem[] = [];
  readonly #className: string;
  readonly #size: Size;
  readonly #rules: LabelRules;

  constructor(className: string, size: Size, rules: LabelRules) {
    this.#className = className;
    this.#size = size;
    this.#rules = rules;
  }

  add(annotation: Annotation): void {
    if (isCrowd(annotation))
      return this.#tell('kind_not_supported', 'A crowd (iscrowd) is no object that YOLO could label.');
    switch (annotation.kind) {
      case 'box':
        return this.#addBox(annotation);
      case 'polygon':
        return this.#addPolygon(annotation);
      case 'mask':
        return this.#addMask(annotation);
      case 'keypoints':
        return this.#addKeypoints(annotation);
      default:
        return this.#tell('kind_not_supported', `YOLO has no labels for a ${annotation.kind}.`);
    }
  }

  #addBox({ box }: BoxAnnotation): void {
    const written = this.#fit(box);
    if (written === undefined) return;
    if (box.rotation !== undefined && box.rotation !== 0) this.#tell('reduced', 'The rotation of a box is not kept.');
    this.#push('detect', boxNumbers(written, this.#size));
  }

  /** The box as it is written: it may be cut off. */
  #fit(box: Box): Box | undefined {
    const said = JSON.stringify([box.x, box.y, box.width, box.height]);
    if (![box.x, box.y, box.width, box.height].every(Number.isFinite)) {
      return this.#tell('geometry_invalid', 'A box has a number that is not finite.');
    }
    const hasArea = box.width > 0 && box.height > 0;
    if (hasArea && isBoxInside(box, this.#size)) return box;
    const picture = `its picture, which has ${this.#size.width} × ${this.#size.height} pixels`;
    const reason = `The box ${said} ${hasArea ? `reaches out of ${picture}` : 'has no area'}`;
    if (this.#rules.edge === 'keep' && boxNumbers(box, this.#size).every(isShare)) {
      this.#tell('doubtful', `${reason}; it is written as it is.`);
      return box;
    }
    if (!hasArea) return this.#tell('geometry_invalid', `${reason}.`);
    const inside = this.#rules.edge === 'clip' ? clipBox(box, this.#size) : undefined;
    if (inside === undefined) return this.#tell('geometry_outside', `${reason}.`);
    this.#tell('corrected', `${reason}; it is cut off.`);
    return inside;
  }

  #addPolygon({ rings }: PolygonAnnotation): void {
    const written = rings.map((ring) => this.#fitRing(ring)).filter((ring) => ring !== undefined);
    for (const ring of written) this.#push('segment', ringNumbers(ring, this.#size));
    if (written.length < 2) return;
    this.#tell(
      'reduced',
      `An object of ${written.length} parts becomes as many objects: YOLO has one outline for each.`,
    );
  }

  #fitRing(ring: readonly Point[]): readonly Point[] | undefined {
    if (!ring.flatMap(({ x, y }) => [x, y]).every(Number.isFinite)) {
      return this.#tell('geometry_invalid', 'An outline has a number that is not finite.');
    }
    if (!hasArea(ring)) return this.#tell('geometry_invalid', 'An outline has fewer than three different points.');
    if (ring.every((point) => isInside(point, this.#size))) return ring;
    const inside = this.#rules.edge === 'clip' ? clipRing(ring, this.#size) : undefined;
    const reason = 'An outline reaches out of its picture';
    if (inside === undefined) return this.#tell('geometry_outside', `${reason}.`);
    this.#tell('corrected', `${reason}; it is cut off.`);
    return inside;
  }

  #addMask(mask: MaskAnnotation): void {
    const { masks } = this.#rules;
    if (masks !== 'instance') {
      const why =
        masks === 'exclude' ? 'Masks are left out, as was asked.' : 'YOLO has no labels for areas of one class.';
      return this.#tell('kind_not_supported', why);
    }
    const { width, height } = mask.size;
    if (width !== this.#size.width || height !== this.#size.height) {
      const size = `${this.#size.width} × ${this.#size.height}`;
      return this.#tell('mask_invalid', `A mask is of ${width} × ${height} pixels, and its picture of ${size}.`);
    }
    const { rings, hasHoles } = maskOutlines(mask);
    if (rings.length === 0) return this.#tell('mask_invalid', 'A mask is empty, or too thin to have an outline.');
    if (hasHoles) this.#tell('reduced', 'Holes of a mask are not kept: an outline has none.');
    for (const ring of rings) this.#push('segment', ringNumbers(ring, this.#size));
  }

  #addKeypoints(annotation: KeypointsAnnotation): void {
    const pose = poseOf(annotation, this.#rules.pose);
    if (typeof pose === 'string') return this.#tell('keypoints_invalid', pose);
    const box = this.#fit(pose.box);
    if (box === undefined) return;
    if (annotation.rings !== undefined) this.#tell('reduced', 'The outline of an object that has points is not kept.');
    const points = this.#fitPoints(pose.points);
    if (points === undefined) return;
    const { width, height } = this.#size;
    const numbers = points.flatMap(({ x, y, visible }) => [x / width, y / height, { whole: visible }]);
    this.#push('pose', [...boxNumbers(box, this.#size), ...numbers], pose.className);
  }

  #fitPoints(points: readonly PosePoint[]): readonly PosePoint[] | undefined {
    const isLost = (point: PosePoint): boolean => point.visible > 0 && !isInside(point, this.#size);
    if (!points.some(isLost)) return points;
    const reason = 'An object has points outside of its picture';
    if (this.#rules.edge !== 'clip') return this.#tell('geometry_outside', `${reason}.`);
    this.#tell('corrected', `${reason}; they become points that are not labeled.`);
    return points.map((point) => (isLost(point) ? NOT_LABELED : point));
  }

  #push(task: YoloTask, numbers: readonly LabelNumber[], className = this.#className): void {
    this.labels.push({ task, className, numbers });
  }

  #tell(code: LeftOutCode, reason: string): undefined {
    this.problems.push({ code, reason });
  }
}

/** The middle and the size. */
function boxNumbers({ x, y, width, height }: Box, size: Size): number[] {
  return [(x + width / 2) / size.width, (y + height / 2) / size.height, width / size.width, height / size.height];
}

function ringNumbers(ring: readonly Point[], { width, height }: Size): number[] {
  return ring.flatMap(({ x, y }) => [x / width, y / height]);
}

function isCrowd({ attributes }: Annotation): boolean {
  return attributes?.['iscrowd'] === 1 || attributes?.['iscrowd'] === true;
}

function isShare(value: number): boolean {
  return value >= 0 && value <= 1;
}

function hasArea(ring: readonly Point[]): boolean {
  return new Set(ring.map(({ x, y }) => `${x} ${y}`)).size >= 3;
}
