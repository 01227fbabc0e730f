import type { JsonObject } from '@synapse-steps/core';

import { asList, asObject, asText } from './json-fields.js';
import type { RawAnnotation, RawGroup } from './raw-annotation.js';
import type { ReadAnnotations, ReadDocumentOptions } from './read-document.js';
import { toAnnotations } from './to-annotations.js';

/**
 * Version 1: `{ annotations: { image_1: [{ id, tool, classification }] }, annotationsData: { image_1: [{ id, coordinate }] } }`;
 * some write the geometry as `data` of the annotation.
 */
export function parseDmV1(document: object, options: ReadDocumentOptions): ReadAnnotations {
  const { annotations, annotationsData, annotationGroups, ...rest } = document as JsonObject;
  const raw: RawAnnotation[] = [];
  for (const [media, list] of Object.entries(asObject(annotations) ?? {})) {
    const geometry = byId(asObject(annotationsData)?.[media]);
    for (const item of asList(list)) raw.push(rawOf(asObject(item) ?? {}, geometry));
  }
  const groups = Object.values(asObject(annotationGroups) ?? {}).flatMap(groupsOf);
  const read = toAnnotations(raw, groups, options);
  const extra: JsonObject = {
    ...(Object.keys(rest).length > 0 && { v1: rest }),
    ...(read.groups.length > 0 && { groups: [...read.groups] }),
  };
  return { annotations: read.annotations, ...(Object.keys(extra).length > 0 && { extra }) };
}

function byId(list: unknown): ReadonlyMap<string, JsonObject> {
  const found = new Map<string, JsonObject>();
  for (const item of asList(list)) {
    const id = asText(asObject(item)?.['id']);
    if (id !== undefined) found.set(id, asObject(item) ?? {});
  }
  return found;
}

function rawOf(fields: JsonObject, geometry: ReadonlyMap<string, JsonObject>): RawAnnotation {
  const id = asText(fields['id']);
  const told = (id === undefined ? undefined : geometry.get(id)) ?? {};
  const { class: className, ...attributes } = asObject(fields['classification']) ?? {
    class: fields['classification'] ?? null,
  };
  return {
    tool: toolOf(asText(fields['tool']) ?? ''),
    id,
    className: asText(className),
    data: told['coordinate'] ?? told['pixel_indices'] ?? told['data'] ?? fields['coordinate'] ?? fields['data'],
    attributes,
    groupId: asText(fields['group_id']),
    fields: { ...told, ...fields },
  };
}

/** `boundingBox` is written, too. */
function toolOf(tool: string): string {
  return tool.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function groupsOf(list: unknown): RawGroup[] {
  return asList(list).flatMap((item) => {
    const fields = asObject(item) ?? {};
    const { id, annotationIds, classification } = fields;
    const members = asList(annotationIds).flatMap((member) => asText(member) ?? []);
    const { class: className = classification, ...attributes } = asObject(classification) ?? {};
    return typeof id === 'string' ? [{ id, className: asText(className), members, attributes, fields }] : [];
  });
}
