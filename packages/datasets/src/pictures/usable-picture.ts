import { join } from 'node:path';
import type { AnnotatedPicture, Size } from '../model/annotated-picture.js';
import type { LeaveOut } from '../model/left-out.js';
import { lookAt } from './picture-size.js';
import { unsafeName } from './safe-name.js';

export interface UsablePicture {
  /** Absolute. */
  readonly path: string;
  readonly size: Size;
}

/** As reports name a picture: `train/one`. */
export function pictureLabel({ name, split }: Pick<AnnotatedPicture, 'name' | 'split'>): string {
  return split === undefined ? name : `${split}/${name}`;
}

/** The picture's file and its size as the file has it; `undefined` when it cannot be used, of which `leaveOut` was told. */
export function usablePicture(picture: AnnotatedPicture, leaveOut: LeaveOut): UsablePicture | undefined {
  if (!hasSafeName(picture, leaveOut)) return undefined;
  const label = pictureLabel(picture);
  if (picture.picture === undefined) {
    tellMissing(label, leaveOut);
    return undefined;
  }
  const look = lookAt(picture.picture);
  if (look.problem === undefined) return { path: picture.picture.path, size: look.size };
  leaveOut({ picture: label, ...look.problem });
  return undefined;
}

/** Whether files may be named after a picture; if not, `leaveOut` was told. */
export function hasSafeName(picture: AnnotatedPicture, leaveOut: LeaveOut): boolean {
  const { name, split } = picture;
  const unsafe = unsafeName(name, { folders: true }) ?? (split === undefined ? undefined : unsafeName(split));
  if (unsafe === undefined) return true;
  leaveOut({ code: 'name_unsafe', picture: pictureLabel(picture), reason: unsafe });
  return false;
}

export function tellMissing(label: string, leaveOut: LeaveOut): void {
  const reason = `There are annotations of ${label}, but no such picture.`;
  leaveOut({ code: 'picture_missing', picture: label, reason });
}

/** The folder of a split below `folder`, or `folder` itself. */
export function splitFolder(folder: string, split: string | undefined): string {
  return split === undefined ? folder : join(folder, split);
}
