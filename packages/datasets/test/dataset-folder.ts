import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import type { AnnotatedPicture } from '../src/model/annotated-picture.js';
import type { DatasetReader, OpenDatasetOptions } from '../src/model/dataset-reader.js';
import type { LeftOut } from '../src/model/left-out.js';
import { picturesOfAllKinds } from './pictures-of-all-kinds.js';

/** A picture of 20 × 10 pixels. */
export const PNG = picturesOfAllKinds.png;

/** A folder that goes away with the test. */
export interface DatasetFolder extends AsyncDisposable {
  readonly path: string;
  /** Writes files by their paths below the folder; objects as JSON. */
  lay(files: Readonly<Record<string, string | Buffer | object>>): Promise<void>;
}

export async function datasetFolder(
  files: Readonly<Record<string, string | Buffer | object>> = {},
): Promise<DatasetFolder> {
  const path = await realpath(await mkdtemp(join(tmpdir(), 'dataset-')));
  const lay: DatasetFolder['lay'] = async (more) => {
    for (const [name, content] of Object.entries(more)) {
      await mkdir(dirname(join(path, name)), { recursive: true });
      const isRaw = typeof content === 'string' || Buffer.isBuffer(content);
      await writeFile(join(path, name), isRaw ? content : JSON.stringify(content));
    }
  };
  await lay(files);
  return { path, lay, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

export interface ReadDataset {
  readonly pictures: readonly AnnotatedPicture[];
  readonly leftOut: readonly LeftOut[];
}

/** All that a reader finds. */
export async function readDataset(
  reader: DatasetReader,
  path: string,
  options: OpenDatasetOptions = {},
): Promise<ReadDataset> {
  const source = await reader.open(path, options);
  const [pictures, leftOut]: [AnnotatedPicture[], LeftOut[]] = [[], []];
  for await (const picture of source.pictures({ leaveOut: (entry) => leftOut.push(entry) })) pictures.push(picture);
  return { pictures, leftOut };
}
