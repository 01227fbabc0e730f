import { extname, join } from 'node:path';

import type { AnnotatedPicture } from '../model/annotated-picture.js';
import type { DatasetFormat } from '../model/dataset-format.js';
import type { BeginDatasetOptions, DatasetSink, DatasetWriter } from '../model/dataset-writer.js';
import { documentV1 } from './document-v1.js';
import { isFileSystemError } from '../pictures/file-system-error.js';
import { makeSplitFolders } from '../pictures/make-split-folders.js';
import { placePicture } from '../pictures/place-picture.js';
import { NoSmallFileError } from '../pictures/small-file.js';
import { writeNew } from '../pictures/write-new.js';
import { hasSafeName, pictureLabel, splitFolder, tellMissing } from '../pictures/usable-picture.js';
import { documentV2 } from './document-v2.js';

/** Writes a JSON file per picture, and the picture. */
export function dmWriter(format: DatasetFormat & ('dm_v1' | 'dm_v2')): DatasetWriter {
  return {
    format,
    wantsSurvey: false,
    async begin(options: BeginDatasetOptions): Promise<DatasetSink> {
      await makeSplitFolders(options, ['json', 'original_files']);
      const documentOf = format === 'dm_v1' ? documentV1 : documentV2;
      return {
        add: (picture) => addPicture(picture, documentOf(picture), options),
        finish: async () => ({ configPath: undefined }),
      };
    },
  };
}

async function addPicture(
  picture: AnnotatedPicture,
  document: object,
  options: BeginDatasetOptions,
): Promise<number | undefined> {
  const { name, split, annotations } = picture;
  const label = pictureLabel(picture);
  if (!hasSafeName(picture, options.leaveOut)) return undefined;
  const folder = splitFolder(options.folder, split);
  const path = join(folder, 'json', `${name}.json`);
  if (!writeNew(path, JSON.stringify(document, null, 2))) {
    options.leaveOut({ code: 'picture_duplicate', picture: label, reason: `There is a second ${label}.` });
    return undefined;
  }
  await addFile(picture, folder, options);
  return annotations.length;
}

/** Annotations are kept also without their picture. */
async function addFile(picture: AnnotatedPicture, folder: string, options: BeginDatasetOptions): Promise<void> {
  const { leaveOut, copyPictures: copy } = options;
  const label = pictureLabel(picture);
  const from = picture.picture?.path;
  if (from === undefined) return tellMissing(label, leaveOut);
  const to = join(folder, 'original_files', `${picture.name}${extname(from)}`);
  try {
    await placePicture(from, { to, copy });
  } catch (error) {
    if (error instanceof NoSmallFileError) {
      leaveOut({ code: 'picture_broken', picture: label, reason: `${from} is not a file.` });
    } else if (isFileSystemError(error, 'ENOENT', 'ELOOP')) {
      leaveOut({ code: 'picture_missing', picture: label, reason: `There is no file ${from}.` });
    } else throw error;
  }
}
