import type { JsonObject } from '@synapse-steps/core';

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
import type { KeypointShape } from '../model/dataset-reader.js';
import type { LeftOutCode } from '../model/left-out.js';
import { boundsOf, isFiniteBox, ringArea } from './geometry.js';
import { isLabeled, placeKeypoints } from './place-keypoints.js';
import { coversExactly, maskExtent, packRuns } from './run-length.js';

/** The fields of an annotation that say where it is, in the order in which they are written. */
interface CocoGeometry {
  readonly bbox: readonly number[];
  readonly segmentation?:
    | readonly (readonly number[])[]
    | { readonly size: readonly number[]; readonly counts: string };
  readonly area: number;
  readonly keypoints?: readonly number[];
  readonly num_keypoints?: number;
}

export interface Told {
  readonly code: LeftOutCode;
  readonly reason: string;
}

export interface WrittenGeometry {
  readonly geometry?: CocoGeometry;
  /** Why there is none, or what it lacks. */
  readonly told?: Told;
}

export interface GeometryOptions {
  /** Of the picture. */
  readonly size: Size;
  readonly shapes: ReadonlyMap<string, KeypointShape>;
}

export function geometryOf(annotation: Annotation, options: GeometryOptions): WrittenGeometry {
  switch (annotation.kind) {
    case 'box':
      return boxGeometry(annotation);
    case 'polygon':
      return polygonGeometry(annotation);
    case 'mask':
      return maskGeometry(annotation, options.size);
    case 'keypoints':
      return keypointsGeometry(annotation, options.shapes);
    case 'polyline':
    case 'classification':
      return refuse('kind_not_supported', `COCO has no ${annotation.kind}s.`);
  }
}

function boxGeometry({ box }: BoxAnnotation): WrittenGeometry {
  if (!isFiniteBox(box))
    return refuse('geometry_invalid', 'Its box is not of finite numbers with a width and a height.');
  const geometry = { bbox: numbersOf(box), area: box.width * box.height };
  if ((box.rotation ?? 0) === 0) return { geometry };
  const reason =
    'Its rotation is an attribute, of which most readers of COCO know nothing: they see the box without it.';
  return { geometry, told: { code: 'reduced', reason } };
}

function polygonGeometry({ rings, box }: PolygonAnnotation): WrittenGeometry {
  const outline = outlineOf(rings);
  if (outline === undefined) return refuse('geometry_invalid', 'Its outline has no area.');
  const bbox = numbersOf(boxOfPoints(box, outline.rings.flat()));
  return {
    geometry: { bbox, segmentation: outline.rings.map(flat), area: outline.area },
    ...withoutSome(rings, outline.rings),
  };
}

interface Outline {
  readonly rings: readonly (readonly Point[])[];
  readonly area: number;
}

/** Of rings with an area; `undefined` when there are none. */
function outlineOf(rings: readonly (readonly Point[])[]): Outline | undefined {
  const kept = rings.filter((ring) => ringArea(ring) > 0);
  return kept.length === 0 ? undefined : { rings: kept, area: kept.reduce((sum, ring) => sum + ringArea(ring), 0) };
}

function withoutSome(rings: readonly unknown[], kept: readonly unknown[]): { readonly told?: Told } {
  const lost = rings.length - kept.length;
  return lost === 0 ? {} : { told: { code: 'reduced', reason: `${lost} of its ${rings.length} rings have no area.` } };
}

function maskGeometry({ size, runs }: MaskAnnotation, picture: Size): WrittenGeometry {
  if (size.width !== picture.width || size.height !== picture.height) {
    const sizes = `${size.width} × ${size.height} pixels, and its picture of ${picture.width} × ${picture.height}`;
    return refuse('mask_invalid', `Its mask is of ${sizes}.`);
  }
  if (!coversExactly(runs, size)) return refuse('mask_invalid', 'The runs of its mask do not cover the picture.');
  const extent = maskExtent(runs, size);
  if (extent === undefined) return refuse('mask_invalid', 'Its mask has no pixel.');
  const segmentation = { size: [size.height, size.width], counts: packRuns(runs) };
  return { geometry: { bbox: numbersOf(extent.box), segmentation, area: extent.area } };
}

function keypointsGeometry(annotation: KeypointsAnnotation, shapes: GeometryOptions['shapes']): WrittenGeometry {
  const { points, rings = [] } = annotation;
  if (annotation.loose === true) return refuse('keypoints_invalid', 'Nothing says to which object the point belongs.');
  const keypoints = placeKeypoints(annotation, shapes.get(annotation.className));
  if (typeof keypoints === 'string') return refuse('keypoints_invalid', keypoints);
  const outline = outlineOf(rings);
  const seen = points.filter(isLabeled);
  const box = boxOfPoints(annotation.box, outline?.rings.flat() ?? seen);
  const geometry: CocoGeometry = {
    bbox: numbersOf(box),
    ...(outline && { segmentation: outline.rings.map(flat) }),
    area: outline?.area ?? box.width * box.height,
    keypoints,
    num_keypoints: seen.length,
  };
  return { geometry, ...withoutSome(rings, outline?.rings ?? []) };
}

function boxOfPoints(box: Box | undefined, points: readonly Point[]): Box {
  return box !== undefined && isFiniteBox(box) ? box : boundsOf(points);
}

/** What is written of the attributes: those that COCO has fields for, and all others as CVAT writes them. */
export function attributeFields(annotation: Annotation): JsonObject {
  const { iscrowd, score, ...rest } = annotation.attributes ?? {};
  const rotation = annotation.kind === 'box' ? (annotation.box.rotation ?? 0) : 0;
  const attributes = {
    ...rest,
    ...(annotation.groupId !== undefined && annotation.kind !== 'keypoints' && { group_id: annotation.groupId }),
    ...(rotation !== 0 && { rotation: (rotation * 180) / Math.PI }),
  };
  return {
    iscrowd: iscrowd === true || iscrowd === 1 ? 1 : 0,
    ...(typeof score === 'number' && { score }),
    ...(Object.keys(attributes).length > 0 && { attributes }),
  };
}

function numbersOf({ x, y, width, height }: Box): number[] {
  return [x, y, width, height];
}

function flat(ring: readonly Point[]): number[] {
  const numbers: number[] = [];
  for (const { x, y } of ring) numbers.push(x, y);
  return numbers;
}

function refuse(code: LeftOutCode, reason: string): WrittenGeometry {
  return { told: { code, reason } };
}
