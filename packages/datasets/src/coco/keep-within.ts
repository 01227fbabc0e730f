import type { Annotation, Size } from '../model/annotated-picture.js';
import type { WriteDatasetOptions } from '../model/dataset-writer.js';
import { clipBox, clipRing, isBoxInside, isInside } from '../yolo/label-edge.js';
import type { Told } from './from-annotation.js';

export interface KeptWithin {
  readonly annotation?: Annotation;
  readonly told?: Told;
}

/** Boxes and outlines that reach out of their picture, as they are (COCO and VOC have such), cut off, or none. */
export function keepWithin(annotation: Annotation, size: Size, outside: WriteDatasetOptions['outside']): KeptWithin {
  if (isWithin(annotation, size)) return { annotation };
  if (outside === undefined) return { annotation, told: { code: 'doubtful', reason: REACHES_OUT } };
  const clipped = outside === 'clip' ? clip(annotation, size) : undefined;
  if (clipped !== undefined) {
    return { annotation: clipped, told: { code: 'corrected', reason: 'It was cut off at the edge of the picture.' } };
  }
  return { told: { code: 'geometry_outside', reason: REACHES_OUT } };
}

const REACHES_OUT = 'It reaches out of its picture, in part or as a whole.';

function isWithin(annotation: Annotation, size: Size): boolean {
  if (annotation.kind === 'box') return isBoxInside(annotation.box, size);
  return (
    annotation.kind !== 'polygon' || annotation.rings.every((ring) => ring.every((point) => isInside(point, size)))
  );
}

function clip(annotation: Annotation, size: Size): Annotation | undefined {
  if (annotation.kind === 'box') {
    const box = clipBox(annotation.box, size);
    return box && { ...annotation, box };
  }
  if (annotation.kind !== 'polygon') return annotation;
  const rings = annotation.rings.flatMap((ring) => {
    const inside = clipRing(ring, size);
    return inside === undefined ? [] : [inside];
  });
  return rings.length === 0 ? undefined : { ...annotation, rings, box: undefined };
}
