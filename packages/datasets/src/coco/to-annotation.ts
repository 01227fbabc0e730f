import type { JsonObject, JsonValue } from '@synapse-steps/core';

import { asNumbers, asObject, asText } from '../dm/json-fields.js';
import type { Annotation, Box, Point, Size } from '../model/annotated-picture.js';
import type { LeftOutCode } from '../model/left-out.js';
import type { CocoCategories, CocoCategory } from './coco-file.js';
import { parseKeypoints } from './parse-keypoints.js';
import { coversExactly, unpackRuns } from './run-length.js';

/** Why an annotation, or a part of it, is not there. */
interface Refusal {
  readonly code: LeftOutCode;
  readonly reason: string;
}

export interface ReadAnnotation {
  readonly annotation?: Annotation;
  readonly refusal?: Refusal;
}

type Shape<T = Annotation> = T extends Annotation ? Omit<T, 'className' | 'id' | 'attributes'> : never;

/** What one item of `annotations` says: points if it has some, else a mask or an outline, else a box. */
export function toAnnotation(value: unknown, categories: CocoCategories): ReadAnnotation {
  const fields = asObject(value) ?? {};
  const categoryId = asText(fields['category_id']);
  if (categoryId === undefined) {
    const what = 'caption' in fields ? 'A caption' : 'It';
    return refuse(`${what} has no category.`, 'caption' in fields ? 'kind_not_supported' : 'annotations_broken');
  }
  const category = categories.get(categoryId);
  if (category === undefined) return refuse(`Its category ${categoryId} is not listed.`, 'annotations_broken');

  const { shape, refusal } = shapeOf(fields, category);
  if (shape === undefined) return refusal === undefined ? {} : { refusal };
  const id = asText(fields['id']);
  const attributes = attributesOf(fields, shape);
  const groupId = groupOf(fields);
  const annotation = {
    ...(id !== undefined && { id }),
    className: category.name,
    ...(groupId !== undefined && { groupId }),
    ...(Object.keys(attributes).length > 0 && { attributes }),
    ...shape,
  };
  return { annotation, ...(refusal && { refusal }) };
}

interface ReadShape {
  readonly shape?: Shape;
  readonly refusal?: Refusal;
}

function shapeOf(fields: JsonObject, category: CocoCategory): ReadShape {
  const box = parseBox(fields);
  const outline = parseOutline(fields['segmentation']);
  const rings = Array.isArray(outline) ? outline : undefined;
  const points = parseKeypoints(fields['keypoints'], category.keypoints);
  if (points === 'broken') {
    return refuse('Its keypoints are not three finite numbers for each point.', 'keypoints_invalid');
  }
  if (points !== undefined) return { shape: { kind: 'keypoints', points, ...withBox(box), ...(rings && { rings }) } };
  if (rings !== undefined) return { shape: { kind: 'polygon', rings, ...withBox(box) } };
  if (typeof outline === 'object' && 'runs' in outline) return { shape: { kind: 'mask', ...outline, ...withBox(box) } };
  return boxOnly(box, typeof outline === 'string' ? { code: outlineCode(fields), reason: outline } : undefined);
}

/** @param lost why its outline cannot be read */
function boxOnly(box: Box | undefined, lost: Refusal | undefined): ReadShape {
  if (box !== undefined) return { shape: { kind: 'box', box }, ...(lost && { refusal: { ...lost, code: 'reduced' } }) };
  if (lost !== undefined) return { refusal: lost };
  return refuse('It has no box with a width and a height, and no outline.', 'geometry_invalid');
}

function withBox(box: Box | undefined): { readonly box?: Box } {
  return box === undefined ? {} : { box };
}

function outlineCode(fields: JsonObject): LeftOutCode {
  return Array.isArray(fields['segmentation']) ? 'geometry_invalid' : 'mask_invalid';
}

function parseBox(fields: JsonObject): Box | undefined {
  const [x, y, width, height] = asNumbers(fields['bbox']) ?? [];
  if (x === undefined || y === undefined || width === undefined || height === undefined) return undefined;
  if (width <= 0 || height <= 0) return undefined;
  const degrees = asObject(fields['attributes'])?.['rotation'];
  const turned =
    typeof degrees === 'number' && Number.isFinite(degrees) && degrees !== 0
      ? { rotation: (degrees * Math.PI) / 180 }
      : {};
  return { x, y, width, height, ...turned };
}

/** Rings, a mask, nothing, or why it is neither. */
function parseOutline(value: unknown): Point[][] | { size: Size; runs: number[] } | string | undefined {
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) return parseMask(value);
  if (value.length === 0) return undefined;
  const rings = value.map(parseRing);
  return rings.every((ring) => ring !== undefined)
    ? rings
    : 'Its outline is not of pairs of finite numbers, three at least.';
}

function parseRing(value: unknown): Point[] | undefined {
  const numbers = asNumbers(value);
  if (numbers === undefined || numbers.length < 6 || numbers.length % 2 !== 0) return undefined;
  const points: Point[] = [];
  for (let index = 0; index < numbers.length; index += 2)
    points.push({ x: numbers[index] ?? 0, y: numbers[index + 1] ?? 0 });
  return points;
}

function parseMask(value: unknown): { size: Size; runs: number[] } | string {
  const fields = asObject(value);
  const [height = 0, width = 0] = asNumbers(fields?.['size']) ?? [];
  const counts = fields?.['counts'];
  const runs = typeof counts === 'string' ? unpackRuns(counts) : asNumbers(counts);
  if (runs === undefined) return 'Its mask is not run-length encoded.';
  const size = { width, height };
  return coversExactly(runs, size) ? { size, runs: [...runs] } : `Its mask does not cover ${width} × ${height} pixels.`;
}

function attributesOf(fields: JsonObject, shape: Shape): Record<string, JsonValue> {
  const { rotation, group_id: group, ...rest } = asObject(fields['attributes']) ?? {};
  const isTurned = 'box' in shape && shape.box?.rotation !== undefined;
  return {
    ...rest,
    ...(rotation !== undefined && !isTurned && { rotation }),
    ...(group !== undefined && groupOf(fields) === undefined && { group_id: group }),
    ...((fields['iscrowd'] === 1 || fields['iscrowd'] === true) && { iscrowd: 1 }),
    ...(typeof fields['score'] === 'number' && { score: fields['score'] }),
  };
}

/** The group, as it is written here. */
function groupOf(fields: JsonObject): string | undefined {
  const group = asObject(fields['attributes'])?.['group_id'];
  return typeof group === 'string' ? group : undefined;
}

function refuse(reason: string, code: LeftOutCode): { readonly refusal: Refusal } {
  return { refusal: { code, reason } };
}
