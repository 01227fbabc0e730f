import type { JsonObject, JsonValue } from '@synapse-steps/core';

import type { AnnotatedPicture } from '../model/annotated-picture.js';
import { dmItems, type DmGroup, type DmItem } from './dm-items.js';
import { asList, asObject } from './json-fields.js';

/** Lists that a document has also when they are empty. */
const LISTS = ['bounding_box', 'polygon', 'keypoint', 'classification', 'polyline', 'relation', 'group'];

/** A picture's annotations as DM version 2. */
export function documentV2(picture: AnnotatedPicture): JsonObject {
  const { items, groups } = dmItems(picture);
  const { v1: _v1, image: beyond, images: others, groups: kept, ...rest } = picture.extra ?? {};
  const image: Record<string, JsonValue[]> = Object.fromEntries(LISTS.map((name) => [name, []]));
  for (const item of items) (image[item.tool] ??= []).push(entryOf(item));
  image['group'] = [...groups.map(groupOf), ...asList(kept).flatMap((group): JsonObject[] => [asObject(group) ?? {}])];
  return {
    classification: namesByTool(items),
    images: [
      { ...image, ...asObject(beyond) },
      ...asList(others).flatMap((other): JsonObject[] => [asObject(other) ?? {}]),
    ],
    ...rest,
  };
}

function namesByTool(items: readonly DmItem[]): Record<string, string[]> {
  const names: Record<string, string[]> = {};
  for (const { tool, className } of items) {
    const known = (names[tool] ??= []);
    if (!known.includes(className)) known.push(className);
  }
  return names;
}

function entryOf({ tool, id, className, attributes, data, groupId, visible, box }: DmItem): JsonObject {
  return {
    id,
    classification: className,
    attrs: attrsOf(attributes),
    ...(data !== undefined && { data }),
    ...(tool === 'segmentation' && { encoding: 'dm_rle', isCompressed: true, compressionFormat: 'rle' }),
    ...(groupId !== undefined && { group_id: groupId }),
    ...(visible !== undefined && { visibility: visible }),
    ...(box !== undefined && { bounding_box: box }),
  };
}

function attrsOf(attributes: JsonObject): JsonObject[] {
  return Object.entries(attributes).map(([name, value]) => ({ name, value }));
}

function groupOf({ id, className, attributes, members }: DmGroup): JsonObject {
  return { id, classification: className, attrs: attrsOf(attributes), data: [...members] };
}
