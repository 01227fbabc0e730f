import { statSync } from 'node:fs';

import { isFileSystemError } from '../pictures/file-system-error.js';

/** The first of these paths at which there is a file. */
export function firstFile(paths: readonly string[]): string | undefined {
  for (const path of paths) if (isFile(path)) return path;
  return undefined;
}

function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  } catch (error) {
    if (isFileSystemError(error, 'ENOTDIR', 'ELOOP')) return false;
    throw error;
  }
}
