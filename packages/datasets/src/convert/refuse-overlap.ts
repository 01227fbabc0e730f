import { realpath } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';

import { DatasetError } from '../dataset-error.js';
import { isFileSystemError } from '../pictures/file-system-error.js';

/**
 * Neither folder may lie in the other one, also where a link leads there: the output would be read as a part of the input, or the
 * input be removed together with an older output.
 *
 * @throws DatasetError `params_invalid`
 */
export async function refuseOverlap(input: string, output: string): Promise<void> {
  const [from, to] = [await placeOf(input), await placeOf(output)];
  const isInside = (inner: string, outer: string): boolean => `${inner}${sep}`.startsWith(`${outer}${sep}`);
  if (!isInside(to, from) && !isInside(from, to)) return;
  const how = isInside(to, from)
    ? `The output ${output} lies in the input ${input}`
    : `The input ${input} lies in the output ${output}`;
  throw new DatasetError({ code: 'params_invalid', message: `${how}; name a folder beside it.` });
}

/** Where a path leads; of what is not there yet, where it would be. */
async function placeOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (!isFileSystemError(error, 'ENOENT', 'ENOTDIR', 'ELOOP') || dirname(path) === path) throw error;
    return join(await placeOf(dirname(path)), basename(path));
  }
}
