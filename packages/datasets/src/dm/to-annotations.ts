import type { JsonObject } from '@synapse-steps/core';

import type { Annotation } from '../model/annotated-picture.js';
import { joinKeypoints } from './join-keypoints.js';
import { parseBox, parseKeypoints, parsePoints, parseRings } from './parse-geometry.js';
import { parseMask } from './parse-mask.js';
import type { RawAnnotation, RawGroup } from './raw-annotation.js';
import type { ReadDocumentOptions } from './read-document.js';

/** The tools whose annotations the model has. */
export const DM_TOOLS: readonly string[] = [
  'bounding_box',
  'polygon',
  'polyline',
  'keypoint',
  'segmentation',
  'classification',
];

export interface DmAnnotations {
  readonly annotations: readonly Annotation[];
  /** Groups that are not the points of one object. */
  readonly groups: readonly JsonObject[];
}

/** Annotations of the model; what is broken is told to `leaveOut`, and does not cost the others. */
export function toAnnotations(
  raw: readonly RawAnnotation[],
  groups: readonly RawGroup[],
  options: ReadDocumentOptions,
): DmAnnotations {
  const parsed: Annotation[] = [];
  for (const [index, item] of raw.entries()) {
    const annotation = toAnnotation(item, index, options);
    if (annotation !== undefined) parsed.push(annotation);
  }
  return joinKeypoints(parsed, groups);
}

function toAnnotation(
  raw: RawAnnotation,
  index: number,
  { name, picture, leaveOut }: ReadDocumentOptions,
): Annotation | undefined {
  const annotation = raw.id ?? `${raw.tool} ${index}`;
  if (!DM_TOOLS.includes(raw.tool)) {
    const reason = `There is no place for a ${raw.tool || 'thing without a tool'} in other formats.`;
    leaveOut({ code: 'kind_not_supported', picture: name, annotation, reason });
    return undefined;
  }
  if (raw.className === undefined || raw.className === '') {
    leaveOut({ code: 'class_count', picture: name, annotation, reason: `A ${raw.tool} has no class.` });
    return undefined;
  }
  const { rotation: _rotation, visibility: _visibility, ...attributes } = raw.attributes; // part of the geometry
  const base = {
    className: raw.className,
    ...(raw.id !== undefined && { id: raw.id }),
    ...(raw.groupId !== undefined && { groupId: raw.groupId }),
    ...(Object.keys(attributes).length > 0 && { attributes }),
  };
  if (raw.tool === 'segmentation') {
    const mask = parseMask(raw, picture);
    if (typeof mask !== 'string') return { ...base, ...mask };
    leaveOut({ code: 'mask_invalid', picture: name, annotation, reason: mask });
    return undefined;
  }
  const shape = shapeOf(raw);
  if (shape !== undefined) return { ...base, ...shape };
  const reason = `A ${raw.tool} of class '${raw.className}' has no usable geometry: ${briefly(raw.data)}.`;
  leaveOut({ code: 'geometry_invalid', picture: name, annotation, reason });
  return undefined;
}

type Shape<T = Annotation> = T extends Annotation ? Omit<T, 'className' | 'id' | 'groupId' | 'attributes'> : never;

function shapeOf(raw: RawAnnotation): Shape | undefined {
  switch (raw.tool) {
    case 'bounding_box': {
      const box = parseBox(raw.data);
      const rotation = raw.attributes['rotation'] ?? raw.fields['rotation'];
      return box && { kind: 'box', box: { ...box, ...(typeof rotation === 'number' && { rotation }) } };
    }
    case 'polygon': {
      const rings = parseRings(raw.data);
      return rings && { kind: 'polygon', rings };
    }
    case 'polyline': {
      const points = parsePoints(raw.data, 2);
      return points && { kind: 'polyline', points };
    }
    case 'keypoint':
      return parseKeypoints(raw);
    default:
      return { kind: 'classification' };
  }
}

const MOST_CHARACTERS = 80;

function briefly(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
}
