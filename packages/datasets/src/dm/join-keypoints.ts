import type { Annotation } from '../model/annotated-picture.js';
import type { RawGroup } from './raw-annotation.js';
import type { DmAnnotations } from './to-annotations.js';

/** DM has points one by one; those of one group become one annotation, with the group's box. */
export function joinKeypoints(annotations: readonly Annotation[], groups: readonly RawGroup[]): DmAnnotations {
  return {
    annotations,
    groups: groups.map(({ id, className = '', members }) => ({ id, className, members: [...members] })),
  };
}
