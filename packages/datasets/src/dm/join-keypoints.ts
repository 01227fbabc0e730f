import type { JsonObject } from '@synapse-steps/core';

import type { Annotation, BoxAnnotation, KeypointsAnnotation, PolygonAnnotation } from '../model/annotated-picture.js';
import { PERSON_POINTS } from '../yolo/person-17.js';
import type { RawGroup } from './raw-annotation.js';
import type { DmAnnotations } from './to-annotations.js';

/** What an object of points is called of which nothing says what it is; as the SDK of 2026.1 called all of them. */
const UNNAMED = 'keypoints';

/** What groups of DM say is one object: the attribute by which a group of polygons is told from a mere set of them. */
export const PARTS_ATTRIBUTE = 'parts_of_one_object';

/**
 * DM has points one by one; those of one group become one annotation, with the group's box where there is one of the same
 * class. A group is told by `group_id`, by a list of members, or both.
 */
export function joinKeypoints(annotations: readonly Annotation[], groups: readonly RawGroup[]): DmAnnotations {
  const groupOf = new Map(groups.flatMap((group) => group.members.map((member) => [member, group] as const)));
  const sets = new Map<string, Annotation[]>();
  for (const annotation of annotations) {
    const group = groupIdOf(annotation, groupOf);
    if (group === undefined) continue;
    const members = sets.get(group);
    if (members === undefined) sets.set(group, [annotation]);
    else members.push(annotation);
  }
  const byId = new Map(groups.toReversed().map((group) => [group.id, group])); // the first one of an id counts
  const joined = new Map<Annotation, Annotation | undefined>();
  const used = new Set<string>();
  for (const [id, members] of sets) {
    const group = byId.get(id);
    if (joinPoints(members, { id, group, joined }) || joinParts(members, { id, group, joined })) used.add(id);
  }
  return {
    annotations: annotations.flatMap((annotation) =>
      joined.has(annotation) ? (joined.get(annotation) ?? []) : annotation,
    ),
    groups: groups.filter(({ id }) => !used.has(id)).map(({ fields }): JsonObject => fields),
  };
}

function groupIdOf(annotation: Annotation, groupOf: ReadonlyMap<string, RawGroup>): string | undefined {
  return annotation.groupId ?? (annotation.id === undefined ? undefined : groupOf.get(annotation.id)?.id);
}

interface Joining {
  readonly id: string;
  readonly group: RawGroup | undefined;
  /** What stands in an annotation's place: another one, or nothing. */
  readonly joined: Map<Annotation, Annotation | undefined>;
}

function joinPoints(members: readonly Annotation[], { id, group, joined }: Joining): boolean {
  const loose = members.filter((item): item is KeypointsAnnotation => item.kind === 'keypoints' && item.loose === true);
  const [first] = loose;
  if (first === undefined) return false;
  const points = loose.flatMap((item) => item.points);
  const box = boxOf(members, group?.className);
  const className = group?.className ?? box?.className ?? (isPerson(points) ? 'person' : UNNAMED);
  for (const item of loose) joined.set(item, undefined);
  if (box !== undefined) joined.set(box, undefined);
  joined.set(first, { kind: 'keypoints', className, ...factsOf(box), groupId: id, points });
  return true;
}

/** The only box of the group's class, if there is one. */
function boxOf(members: readonly Annotation[], className: string | undefined): BoxAnnotation | undefined {
  const boxes = members.filter((item): item is BoxAnnotation => item.kind === 'box');
  const ofClass = boxes.filter((box) => className === undefined || box.className === className);
  return ofClass.length === 1 ? ofClass[0] : undefined;
}

function factsOf(found: BoxAnnotation | undefined): Pick<KeypointsAnnotation, 'id' | 'attributes' | 'box'> {
  if (found === undefined) return {};
  const { id, attributes, box } = found;
  return { ...(id !== undefined && { id }), ...(attributes !== undefined && { attributes }), box };
}

function isPerson(points: KeypointsAnnotation['points']): boolean {
  return points.every(({ name }) => name !== undefined && PERSON_POINTS.includes(name));
}

function joinParts(members: readonly Annotation[], { group, joined }: Joining): boolean {
  if (group?.attributes?.[PARTS_ATTRIBUTE] !== true) return false;
  const parts = members.filter((item): item is PolygonAnnotation => item.kind === 'polygon');
  const [first] = parts;
  if (first === undefined) return false;
  for (const part of parts) joined.set(part, undefined);
  joined.set(first, { ...first, rings: parts.flatMap(({ rings }) => rings) });
  return true;
}
