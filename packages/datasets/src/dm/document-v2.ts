import type { AnnotatedPicture } from '../model/annotated-picture.js';

/** A picture's annotations as DM version 2. */
export function documentV2(_picture: AnnotatedPicture): object {
  return {};
}
