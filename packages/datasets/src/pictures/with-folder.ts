import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

import { isFileSystemError } from './file-system-error.js';

/** Writes to `path`, and makes its folder when that turns out to be missing: thousands of files go into a folder that is there. */
export function withFolder<T>(path: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    if (!isFileSystemError(error, 'ENOENT')) throw error;
  }
  mkdirSync(dirname(path), { recursive: true });
  return write();
}
