import { join } from 'node:path';

import type { AnnotatedPicture } from '../model/annotated-picture.js';
import type { DatasetFormat } from '../model/dataset-format.js';
import type { DatasetReader, DatasetSource, OpenDatasetOptions, ReadPicturesOptions } from '../model/dataset-reader.js';
import { findPicture } from '../pictures/find-picture.js';
import { splitNames } from '../pictures/folders-in.js';
import { tellUnused } from '../pictures/tell-unused.js';
import { pictureName } from '../pictures/picture-index.js';
import { Turns } from '../pictures/turns.js';
import { pictureLabel } from '../pictures/usable-picture.js';
import { countDocuments, findDmSplits, listDmFiles, type DmSplit } from './dm-folder.js';
import { readDocument } from './read-document.js';

/** Reads both versions of DM, whichever it is named after: a document says itself which one it is. */
export function dmReader(format: DatasetFormat & ('dm_v1' | 'dm_v2')): DatasetReader {
  return {
    format,
    async open(folder: string, options: OpenDatasetOptions): Promise<DatasetSource> {
      const splits = await findDmSplits(folder, options);
      return {
        format,
        folder,
        splits: splitNames(splits),
        pictureCount: await countDocuments(splits),
        pictures: (reading) => readSplits(splits, reading),
      };
    },
  };
}

async function* readSplits(splits: readonly DmSplit[], options: ReadPicturesOptions): AsyncGenerator<AnnotatedPicture> {
  for (const split of splits) yield* readSplit(split, options);
}

async function* readSplit({ split, folder }: DmSplit, options: ReadPicturesOptions): AsyncGenerator<AnnotatedPicture> {
  const { documents, pictures } = await listDmFiles(folder, { leaveOut: options.leaveOut, label: split });
  const turns = new Turns();
  const found = new Set<string>();
  for (const document of documents) {
    await turns.next(options.signal);
    const name = pictureName(document);
    const file = findPicture(pictures, name);
    if (file !== undefined) found.add(file);
    const picture = file === undefined ? undefined : { path: join(folder, 'original_files', file) };
    const label = pictureLabel({ name, split });
    const read = readDocument(join(folder, 'json', document), { name: label, picture, leaveOut: options.leaveOut });
    if (read !== undefined) yield { name, split, picture, ...read };
  }
  tellUnused(pictures.values(), { found, split, leaveOut: options.leaveOut });
}
