import type { AnnotatedPicture } from '../model/annotated-picture.js';

/** A picture's annotations as DM version 1. */
export function documentV1(_picture: AnnotatedPicture): object {
  return {};
}
