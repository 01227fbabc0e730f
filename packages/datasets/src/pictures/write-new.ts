import { writeFileSync } from 'node:fs';

import { isFileSystemError } from './file-system-error.js';
import { withFolder } from './with-folder.js';

/** Writes a file and the folders before it. @returns false when something is there already: that is left as it is */
export function writeNew(path: string, text: string): boolean {
  try {
    withFolder(path, () => writeFileSync(path, text, { flag: 'wx' }));
    return true;
  } catch (error) {
    if (isFileSystemError(error, 'EEXIST')) return false;
    throw error;
  }
}
