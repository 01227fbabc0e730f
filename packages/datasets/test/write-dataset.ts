import { mkdir } from 'node:fs/promises';

import { surveyDataset } from '../src/convert/survey-dataset.js';
import type { AnnotatedPicture } from '../src/model/annotated-picture.js';
import type { DatasetSource } from '../src/model/dataset-reader.js';
import type { BeginDatasetOptions, DatasetWriter } from '../src/model/dataset-writer.js';
import type { LeftOut } from '../src/model/left-out.js';

export interface WrittenDataset {
  /** Numbers of annotations, by picture. */
  readonly counts: readonly (number | undefined)[];
  readonly leftOut: readonly LeftOut[];
}

type WriteOptions = Partial<Omit<BeginDatasetOptions, 'folder' | 'survey' | 'leaveOut'>>;

/** Writes pictures of the model into a folder, as a conversion does. */
export async function writeDataset(
  writer: DatasetWriter,
  {
    folder,
    pictures,
    ...options
  }: WriteOptions & { readonly folder: string; readonly pictures: readonly AnnotatedPicture[] },
): Promise<WrittenDataset> {
  await mkdir(folder, { recursive: true });
  const splits = [...new Set(pictures.flatMap(({ split }) => split ?? []))];
  const source: DatasetSource = {
    format: 'dm_v2',
    folder,
    splits: splits.length > 0 ? splits : undefined,
    async *pictures() {
      yield* pictures;
    },
  };
  const leftOut: LeftOut[] = [];
  const survey = writer.wantsSurvey ? await surveyDataset(source) : undefined;
  const leaveOut = (entry: LeftOut): void => void leftOut.push(entry);
  const sink = await writer.begin({ folder, finalFolder: folder, splits: source.splits, survey, leaveOut, ...options });
  const counts: (number | undefined)[] = [];
  for (const picture of pictures) counts.push(await sink.add(picture));
  await sink.finish();
  return { counts, leftOut };
}
