import type { JsonObject, JsonValue } from '@synapse-steps/core';

import type {
  AnnotatedPicture,
  Annotation,
  Box,
  Keypoint,
  KeypointsAnnotation,
  Point,
  PolygonAnnotation,
} from '../model/annotated-picture.js';
import { AnnotationIds } from './annotation-ids.js';
import { PARTS_ATTRIBUTE } from './join-keypoints.js';
import { rowRuns } from './mask-runs.js';

/** One annotation as both versions of DM have it, apart from how they spell it. */
export interface DmItem {
  readonly tool: string;
  readonly id: string;
  readonly className: string;
  readonly attributes: JsonObject;
  readonly data?: JsonValue;
  readonly groupId?: string | undefined;
  readonly visible?: Keypoint['visible'] | undefined;
  /** Of all points of an object together. */
  readonly box?: number[] | undefined;
}

export interface DmGroup {
  readonly id: string;
  readonly className: string;
  readonly attributes: JsonObject;
  readonly members: readonly string[];
}

export interface DmItems {
  readonly items: readonly DmItem[];
  readonly groups: readonly DmGroup[];
}

/** What of a picture goes into its document. */
export function dmItems({ name, split, annotations }: AnnotatedPicture): DmItems {
  const taken = annotations.flatMap((annotation) => [...idsOf(annotation)]);
  const maker = new ItemMaker(new AnnotationIds(`${split ?? ''}/${name}`, taken));
  for (const annotation of annotations) maker.add(annotation);
  return maker;
}

function* idsOf(annotation: Annotation): Generator<string> {
  if (annotation.id !== undefined) yield annotation.id;
  if (annotation.groupId !== undefined) yield annotation.groupId;
  if (annotation.kind !== 'keypoints') return;
  for (const { id } of annotation.points) if (id !== undefined) yield id;
}

class ItemMaker implements DmItems {
  readonly items: DmItem[] = [];
  readonly groups: DmGroup[] = [];
  readonly #ids: AnnotationIds;

  constructor(ids: AnnotationIds) {
    this.#ids = ids;
  }

  add(annotation: Annotation): void {
    switch (annotation.kind) {
      case 'box':
        this.#item('bounding_box', annotation, { data: boxData(annotation.box), ...rotationOf(annotation) });
        return;
      case 'polygon':
        this.#polygon(annotation);
        return;
      case 'polyline':
        this.#item('polyline', annotation, { data: annotation.points.map(pointData) });
        return;
      case 'keypoints':
        this.#keypoints(annotation);
        return;
      case 'mask':
        this.#item('segmentation', annotation, { data: rowRuns(annotation.runs, annotation.size) });
        return;
      case 'classification':
        this.#item('classification', annotation, {});
    }
  }

  #item(tool: string, { id, className, attributes = {}, groupId }: ItemBase, own: Partial<DmItem>): string {
    const item: DmItem = { tool, className, groupId, attributes, ...own, id: this.#ids.next(id) };
    this.items.push(item);
    return item.id;
  }

  /** DM has one ring to a polygon; those of one object are a group that says so. */
  #polygon(annotation: PolygonAnnotation): void {
    const { rings, className } = annotation;
    if (rings.length === 1) {
      this.#item('polygon', annotation, { data: (rings[0] ?? []).map(pointData) });
      return;
    }
    const groupId = this.#ids.next(annotation.groupId);
    const members = rings.map((ring, index) => {
      const part = { ...annotation, groupId, id: index === 0 ? annotation.id : undefined };
      return this.#item('polygon', part, { data: ring.map(pointData) });
    });
    this.groups.push({ id: groupId, className, attributes: { [PARTS_ATTRIBUTE]: true }, members });
  }

  /** Points with names are annotations of their own, in a group with their box; those without are one annotation. */
  #keypoints(annotation: KeypointsAnnotation): void {
    const { points, box, className, loose } = annotation;
    if (!points.every(({ name }) => name !== undefined)) {
      this.#item('keypoint', annotation, { data: points.map(keypointData), box: box && boxData(box) });
      return;
    }
    const groupId = loose === true ? annotation.groupId : this.#ids.next(annotation.groupId);
    const members: string[] = [];
    if (box !== undefined) {
      members.push(
        this.#item(
          'bounding_box',
          { ...annotation, groupId },
          { data: boxData(box), ...rotationOf({ ...annotation, box }) },
        ),
      );
    }
    for (const point of points) {
      if (point.visible === 0) continue; // nobody has said where it is
      const own = {
        id: point.id,
        className: point.name ?? className,
        groupId,
        ...(loose && { attributes: annotation.attributes }),
      };
      members.push(this.#item('keypoint', own, { data: pointData(point), visible: point.visible }));
    }
    if (loose !== true && groupId !== undefined) this.groups.push({ id: groupId, className, attributes: {}, members });
  }
}

interface ItemBase {
  readonly id?: string | undefined;
  readonly className: string;
  readonly attributes?: JsonObject | undefined;
  readonly groupId?: string | undefined;
}

function boxData({ x, y, width, height }: Box): number[] {
  return [x, y, width, height];
}

function rotationOf({ box, attributes }: { box: Box; attributes?: JsonObject | undefined }): Partial<DmItem> {
  return box.rotation === undefined ? {} : { attributes: { ...attributes, rotation: box.rotation } };
}

function pointData({ x, y }: Point): number[] {
  return [x, y];
}

function keypointData({ x, y, visible }: Keypoint): number[] {
  return visible === undefined ? [x, y] : [x, y, visible];
}
