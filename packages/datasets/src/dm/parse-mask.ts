import type { MaskAnnotation, PictureFile } from '../model/annotated-picture.js';
import type { RawAnnotation } from './raw-annotation.js';

type MaskShape = Omit<MaskAnnotation, 'className'>;

/** The mask, or why it is none. */
export async function parseMask(raw: RawAnnotation, picture: PictureFile | undefined): Promise<MaskShape | string> {
  const size = picture?.size;
  if (size === undefined) return 'A mask counts pixels of its picture, and that is not there or cannot be read.';
  return `A mask has the unknown encoding ${JSON.stringify(raw.fields['encoding'] ?? null)}.`;
}
