import { realpath } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

import { UploadError } from './upload-error.js';

/**
 * The absolute path of something below a storage's folder. An absolute path counts from that folder, too. Neither `..` on
 * the way nor a link leads out; what does not exist (yet) has no links.
 *
 * @param folder the storage's folder, absolute and without links
 * @throws UploadError `path_outside_storage`
 */
export async function pathInStorage(folder: string, path: string): Promise<string> {
  const parts = path.split(sep === '\\' ? /[\\/]/ : '/').filter((part) => part !== '' && part !== '.');
  if (leaves(parts)) throw outside(path, folder);
  const inside = join(folder, ...parts);
  await refuseOutside(inside, folder);
  return inside;
}

/** Follows the links of a path, and refuses one that leads out. @throws UploadError `path_outside_storage` */
export async function refuseOutside(path: string, folder: string): Promise<void> {
  const real = await realpathIfThere(path);
  if (real !== undefined && !isInside(folder, real)) throw outside(path, folder);
}

/** Whether a path is the folder or below it. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`);
}

/** Whether the parts climb above where they begin, even if they come back. */
function leaves(parts: readonly string[]): boolean {
  let depth = 0;
  return parts.some((part) => (depth += part === '..' ? -1 : 1) < 0);
}

async function realpathIfThere(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function outside(path: string, folder: string): UploadError {
  return new UploadError({
    code: 'path_outside_storage',
    message: `The path '${path}' leads out of the storage's folder ${folder}. Only what is in the storage can be uploaded: give a path below it.`,
  });
}
