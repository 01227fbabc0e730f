import type { JsonObject } from '@synapse-steps/core';

/** One annotation as a DM document of either version has it, before its geometry is looked at. */
export interface RawAnnotation {
  /** As version 2 names its lists: `bounding_box`, `polygon`, … */
  readonly tool: string;
  readonly id: string | undefined;
  readonly className: string | undefined;
  readonly data: unknown;
  readonly attributes: JsonObject;
  readonly groupId: string | undefined;
  /** All its fields. */
  readonly fields: JsonObject;
}

/** What belongs together, by a list of its own. */
export interface RawGroup {
  readonly id: string;
  readonly className: string | undefined;
  readonly members: readonly string[];
  readonly attributes?: JsonObject | undefined;
  /** All its fields. */
  readonly fields: JsonObject;
}
