import { constants } from 'node:fs';
import { copyFile, link, realpath } from 'node:fs/promises';
import { isFileSystemError } from './file-system-error.js';
import { withFolder } from './with-folder.js';

export interface PlacePictureOptions {
  /** Absolute; nothing may be there. Its folder is made. */
  readonly to: string;
  /** Copy even where a second name for the same bytes would do. Default false. */
  readonly copy?: boolean | undefined;
}

/**
 * Gives a picture a second place: a hard link where the file system allows it, else a copy.
 *
 * @returns `placed`, or `taken` when something is there already: that is left as it is
 * @throws what the file system throws
 */
export async function placePicture(from: string, options: PlacePictureOptions): Promise<'placed' | 'taken'> {
  // A link to a symbolic link would be one more symbolic link, and lead elsewhere from its new place.
  const source = await realpath(from);
  return withFolder(options.to, () => place(source, options));
}

async function place(source: string, { to, copy }: PlacePictureOptions): Promise<'placed' | 'taken'> {
  try {
    if (copy !== true && (await linked(source, to))) return 'placed';
    await copyFile(source, to, constants.COPYFILE_EXCL);
    return 'placed';
  } catch (error) {
    if (isFileSystemError(error, 'EEXIST')) return 'taken';
    throw error;
  }
}

/** Other disk, a file system without links, too many links to one file, a file of somebody else. */
const CANNOT_LINK = ['EXDEV', 'EPERM', 'EACCES', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];

async function linked(source: string, to: string): Promise<boolean> {
  try {
    await link(source, to);
    return true;
  } catch (error) {
    if (isFileSystemError(error, ...CANNOT_LINK)) return false;
    throw error;
  }
}
