import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

import { isFileSystemError } from './file-system-error.js';

/** Writes to `path`, and makes its folder when that turns out to be missing: thousands of files go into a folder that is there. */
export async function withFolder<T>(path: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (!isFileSystemError(error, 'ENOENT')) throw error;
  }
  await mkdir(dirname(path), { recursive: true });
  return write();
}
