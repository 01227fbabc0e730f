import type { LeaveOut } from '../model/left-out.js';
import { pictureName } from './picture-index.js';
import { pictureLabel } from './usable-picture.js';

export interface TellUnusedOptions {
  /** The files that annotations belong to. */
  readonly found: ReadonlySet<string>;
  readonly split: string | undefined;
  readonly leaveOut: LeaveOut;
}

/** Tells of pictures that have no file of annotations, where a format says by such a file what belongs to the data set. */
export function tellUnused(files: Iterable<string>, { found, split, leaveOut }: TellUnusedOptions): void {
  for (const file of files) {
    if (found.has(file)) continue;
    const picture = pictureLabel({ name: pictureName(file), split });
    leaveOut({
      code: 'annotations_missing',
      picture,
      reason: `There is a picture ${file}, and no file of annotations of it.`,
    });
  }
}
