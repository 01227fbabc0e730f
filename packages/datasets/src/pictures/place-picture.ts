import { constants, copyFileSync, linkSync, lstatSync, mkdirSync, realpathSync, statSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isFileSystemError } from './file-system-error.js';
import { NoSmallFileError } from './small-file.js';
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
 * @throws NoSmallFileError for a folder or a device; what the file system throws
 */
export async function placePicture(from: string, options: PlacePictureOptions): Promise<'placed' | 'taken'> {
  // A link to a symbolic link would be one more symbolic link, and lead elsewhere from its new place.
  const own = lstatSync(from);
  const source = own.isSymbolicLink() ? realpathSync(from) : from;
  const state = own.isSymbolicLink() ? statSync(source) : own;
  if (!state.isFile()) throw new NoSmallFileError('it is not a file');
  const { to, copy } = options;
  try {
    if (copy !== true && withFolder(to, () => linked(source, to))) return 'placed';
    if (state.size > LARGE) await copyLarge(source, to);
    else withFolder(to, () => copyFileSync(source, to, constants.COPYFILE_EXCL));
    return 'placed';
  } catch (error) {
    if (isFileSystemError(error, 'EEXIST')) return 'taken';
    throw error;
  }
}

/** To copy more takes so long that the thread is not held for it. */
const LARGE = 4 * 2 ** 20;

async function copyLarge(source: string, to: string): Promise<void> {
  mkdirSync(dirname(to), { recursive: true });
  await copyFile(source, to, constants.COPYFILE_EXCL);
}

/** Other disk, a file system without links, too many links to one file, a file of somebody else. */
const CANNOT_LINK = ['EXDEV', 'EPERM', 'EACCES', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];

function linked(source: string, to: string): boolean {
  try {
    linkSync(source, to);
    return true;
  } catch (error) {
    if (isFileSystemError(error, ...CANNOT_LINK)) return false;
    throw error;
  }
}
