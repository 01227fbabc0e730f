import { mkdir, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';

import type { AnnotatedPicture } from '../model/annotated-picture.js';
import type { DatasetFormat } from '../model/dataset-format.js';
import type { BeginDatasetOptions, DatasetSink, DatasetWriter } from '../model/dataset-writer.js';
import { documentV1 } from './document-v1.js';
import { placePicture } from '../pictures/place-picture.js';
import { documentV2 } from './document-v2.js';

/** Writes a JSON file per picture, and the picture. */
export function dmWriter(format: DatasetFormat & ('dm_v1' | 'dm_v2')): DatasetWriter {
  return {
    format,
    wantsSurvey: false,
    async begin(options: BeginDatasetOptions): Promise<DatasetSink> {
      for (const split of options.splits ?? ['.']) {
        for (const name of ['json', 'original_files'])
          await mkdir(join(options.folder, split, name), { recursive: true });
      }
      const documentOf = format === 'dm_v1' ? documentV1 : documentV2;
      return {
        add: (picture) => addPicture(picture, documentOf(picture), options),
        finish: async () => ({ configPath: undefined }),
        abort: async () => undefined,
      };
    },
  };
}

async function addPicture(
  { name, split, picture, annotations }: AnnotatedPicture,
  document: object,
  options: BeginDatasetOptions,
): Promise<number> {
  const folder = join(options.folder, split ?? '.');
  await writeFile(join(folder, 'json', `${name}.json`), JSON.stringify(document, null, 2), { flag: 'wx' });
  if (picture !== undefined) {
    const target = join(folder, 'original_files', `${name}${extname(picture.path)}`);
    await placePicture(picture.path, { to: target, copy: options.copyPictures });
  }
  return annotations.length;
}
