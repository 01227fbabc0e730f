import type { Box, Keypoint, KeypointsAnnotation, Point } from '../model/annotated-picture.js';
import { asList, asNumbers, asObject } from './json-fields.js';
import type { RawAnnotation } from './raw-annotation.js';

/** `[x, y, width, height]`, perhaps with a rotation, or an object of these. Whether a box has an area is the writer's matter. */
export function parseBox(data: unknown): Box | undefined {
  const fields = asObject(data);
  const list = fields && [fields['x'], fields['y'], fields['width'], fields['height'], fields['rotation'] ?? 0];
  const [x, y, width, height, rotation = 0] = asNumbers(list ?? data) ?? [];
  if (x === undefined || y === undefined || width === undefined || height === undefined) return undefined;
  return { x, y, width, height, ...(rotation !== 0 && { rotation }) };
}

/** One ring or several, each of three points at least. */
export function parseRings(data: unknown): Point[][] | undefined {
  const list = listOf(data);
  const isNested = list.length > 0 && list.every((ring) => asList(ring).length > 0 && asList(ring).every(isPointLike));
  const rings = (isNested ? list : [list]).map((ring) => parsePoints(ring, 3));
  return rings.every((ring) => ring !== undefined) ? rings : undefined;
}

function isPointLike(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

/** @param fewest of fewer points there is no shape */
export function parsePoints(data: unknown, fewest: number): Point[] | undefined {
  const points = listOf(data).map(parsePoint);
  return points.length >= fewest && points.every((point) => point !== undefined) ? points : undefined;
}

function listOf(data: unknown): readonly unknown[] {
  return asList(asObject(data)?.['points'] ?? data);
}

/** `[x, y]`, perhaps with more behind, or `{ x, y }`. */
function parsePoint(value: unknown): Point | undefined {
  const fields = asObject(value);
  const [x, y] = asNumbers(fields ? [fields['x'], fields['y']] : asList(value).slice(0, 2)) ?? [];
  return x === undefined || y === undefined ? undefined : { x, y };
}

type KeypointsShape = Omit<KeypointsAnnotation, 'className'>;

/** A named point, or all points of an object (`[[x, y, visible], …]`, as the Python SDK writes those of YOLO). */
export function parseKeypoints(raw: RawAnnotation): KeypointsShape | undefined {
  const list = asList(raw.data);
  if (list.length > 0 && list.every(isPointLike)) return parseObject(raw, list);
  const point = parsePoint(raw.data);
  if (point === undefined) return undefined;
  const visible = visibilityOf(raw.fields['visibility'] ?? raw.attributes['visibility'] ?? list[2]);
  const id = raw.id === undefined ? {} : { id: raw.id };
  return { kind: 'keypoints', points: [{ ...point, ...visible, ...id, name: raw.className }], loose: true };
}

function parseObject(raw: RawAnnotation, list: readonly unknown[]): KeypointsShape | undefined {
  const points = list.map((item): Keypoint | undefined => {
    const point = parsePoint(item);
    return point && { ...point, ...visibilityOf(asList(item)[2] ?? asObject(item)?.['visible']) };
  });
  if (!points.every((point) => point !== undefined)) return undefined;
  const box = parseBox(raw.fields['bounding_box']);
  return { kind: 'keypoints', points, ...(box && { box }) };
}

const WORDS: Readonly<Record<string, 0 | 1 | 2>> = { missing: 0, occluded: 1, visible: 2 };

function visibilityOf(told: unknown): Pick<Keypoint, 'visible'> {
  const visible = typeof told === 'string' ? WORDS[told] : told;
  return visible === 0 || visible === 1 || visible === 2 ? { visible } : {};
}
