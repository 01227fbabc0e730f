import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import type { BeginDatasetOptions } from '../model/dataset-writer.js';
import { splitFolder } from './usable-picture.js';

/** Makes folders of these names for each split, or once where there are no splits. */
export async function makeSplitFolders(
  { folder, splits }: Pick<BeginDatasetOptions, 'folder' | 'splits'>,
  names: readonly string[],
): Promise<void> {
  for (const split of splits ?? [undefined]) {
    for (const name of names) await mkdir(join(splitFolder(folder, split), name), { recursive: true });
  }
}
