import type { JsonObject } from '@synapse-steps/core';

import { asList, asObject, asText } from './json-fields.js';
import type { RawAnnotation, RawGroup } from './raw-annotation.js';
import type { ReadAnnotations, ReadDocumentOptions } from './read-document.js';
import { DM_TOOLS, toAnnotations } from './to-annotations.js';

/** Version 2: `{ classification: { tool: [names] }, images: [{ tool: [{ id, classification, attrs, data }] }] }`. */
export function parseDmV2(document: object, options: ReadDocumentOptions): ReadAnnotations {
  const { classification: _names, images, ...rest } = document as JsonObject;
  const [first, ...others] = asList(images).flatMap((item): JsonObject[] => [asObject(item) ?? {}]);
  const image = first ?? {};
  const raw = DM_TOOLS.flatMap((tool) => asList(image[tool]).map((item) => rawOf(tool, item)));
  const { annotations, groups } = toAnnotations(raw, groupsOf(image), options);
  const beyond = Object.entries(image).filter(([tool]) => !DM_TOOLS.includes(tool) && tool !== 'group');
  const extra: JsonObject = {
    ...rest,
    ...(others.length > 0 && { images: others }),
    ...(beyond.length > 0 && { image: Object.fromEntries(beyond) }),
    ...(groups.length > 0 && { groups: [...groups] }),
  };
  return { annotations, ...(Object.keys(extra).length > 0 && { extra }) };
}

function rawOf(tool: string, item: unknown): RawAnnotation {
  const fields = asObject(item) ?? {};
  const data = 'data' in fields ? fields['data'] : dataOf(fields);
  return {
    tool,
    fields,
    data,
    id: asText(fields['id']),
    className: asText(fields['classification']),
    attributes: attributesOf(fields['attrs']),
    groupId: asText(fields['group_id']),
  };
}

/** The Python SDK writes annotations that came in a file of their own without `data`. */
function dataOf(fields: JsonObject): unknown {
  return 'points' in fields ? fields['points'] : fields;
}

function attributesOf(attrs: unknown): JsonObject {
  const pairs = asList(attrs).flatMap((item) => {
    const { name, value = null } = asObject(item) ?? {};
    return typeof name === 'string' ? [[name, value] as const] : [];
  });
  return Object.fromEntries(pairs);
}

function groupsOf(image: JsonObject): RawGroup[] {
  return asList(image['group']).flatMap((item) => {
    const fields = asObject(item) ?? {};
    const id = asText(fields['id']);
    const members = asList(fields['data']).flatMap((member) => asText(member) ?? []);
    if (id === undefined) return [];
    return [
      { id, className: asText(fields['classification']), members, attributes: attributesOf(fields['attrs']), fields },
    ];
  });
}
