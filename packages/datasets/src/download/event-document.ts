import type { GroundTruthEvent } from '@synapse-steps/backend/api';
import type { JsonObject } from '@synapse-steps/core';

import { documentV2 } from '../dm/document-v2.js';
import { asObject } from '../dm/json-fields.js';
import { parseDocument } from '../dm/read-document.js';
import type { PictureFile } from '../model/annotated-picture.js';
import type { LeaveOut } from '../model/left-out.js';
import { pictureLabel } from '../pictures/usable-picture.js';

export interface EventDocumentOptions {
  readonly stem: string;
  readonly split: string | undefined;
  readonly picture: PictureFile | undefined;
  /** What the event's file of annotations says, where it has one. */
  readonly annotations: unknown;
  readonly leaveOut: LeaveOut;
}

/**
 * The annotations of an event as DM version 2. Those of its own file count more than those of the event itself; what is in
 * version 2 already is not touched, version 1 is converted.
 */
export function eventDocument(event: GroundTruthEvent, options: EventDocumentOptions): JsonObject {
  const { stem: name, split, picture, leaveOut } = options;
  const found = [options.annotations, event.data, event].map(asObject).find(isDocument);
  if (found !== undefined && Array.isArray(found['images'])) return found;
  const read = parseDocument(found ?? {}, {
    name: pictureLabel({ name, split }),
    picture,
    leaveOut,
  });
  return documentV2({ name, split, picture, ...read });
}

function isDocument(value: JsonObject | undefined): value is JsonObject {
  if (value === undefined) return false;
  return Array.isArray(value['images']) || Object.keys(asObject(value['annotations']) ?? {}).length > 0;
}
