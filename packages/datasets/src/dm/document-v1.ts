import type { JsonObject } from '@synapse-steps/core';

import type { AnnotatedPicture } from '../model/annotated-picture.js';
import { dmItems, type DmGroup, type DmItem } from './dm-items.js';
import { asList, asObject } from './json-fields.js';

/** How the Python SDK names the picture in what it writes. */
const MEDIA = 'image';

/** A picture's annotations as DM version 1, with the geometry at each annotation, as the Python SDK writes it. */
export function documentV1(picture: AnnotatedPicture): JsonObject {
  const { items, groups } = dmItems(picture);
  const kept = asList(picture.extra?.['groups']).flatMap((group): JsonObject[] => [asObject(group) ?? {}]);
  const all = [...groups.map(groupOf), ...kept];
  return {
    annotations: { [MEDIA]: items.map(entryOf) },
    ...(all.length > 0 && { annotationGroups: { [MEDIA]: all } }),
    ...asObject(picture.extra?.['v1']),
  };
}

const VISIBILITIES = ['missing', 'occluded', 'visible'] as const;

function entryOf({ tool, id, className, attributes, data, groupId, visible, box }: DmItem): JsonObject {
  const { class: _class, ...others } = attributes; // the class has the name already
  const visibility = visible === undefined ? undefined : VISIBILITIES[visible];
  return {
    id,
    tool: tool === 'bounding_box' ? 'boundingBox' : tool,
    isLocked: false,
    isVisible: true,
    classification: { class: className, ...others, ...(visibility !== undefined && { visibility }) },
    ...(data !== undefined && { data }),
    ...(tool === 'segmentation' && { isCompressed: true, compressionFormat: 'rle' }),
    ...(groupId !== undefined && { group_id: groupId }),
    ...(box !== undefined && { bounding_box: box }),
  };
}

function groupOf({ id, className, attributes, members }: DmGroup): JsonObject {
  return { id, annotationIds: [...members], classification: { class: className, ...attributes } };
}
