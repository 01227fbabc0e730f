import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

import type { AnnotatedPicture, Annotation, Size } from '../model/annotated-picture.js';
import type { DatasetReader, KeypointShape, ReadPicturesOptions } from '../model/dataset-reader.js';
import { compareCodePoints } from '../pictures/compare-code-points.js';
import { isFileSystemError } from '../pictures/file-system-error.js';
import { filesIn, pictureName, picturesIn } from '../pictures/picture-index.js';
import { pictureSize } from '../pictures/picture-size.js';
import { readAhead } from '../pictures/read-ahead.js';
import { pictureLabel } from '../pictures/usable-picture.js';
import { parseLabelLine } from './parse-label-line.js';
import { readYoloConfig, type YoloConfig } from './read-config.js';
import { findYoloSplits, type YoloSplit } from './yolo-folder.js';

/** Reads the layout of trainers. A picture without a label file is one on which there is nothing, as YOLO has it. */
export const yoloReader: DatasetReader = {
  format: 'yolo',
  async open(folder, options) {
    const splits = await findYoloSplits(folder, options);
    const config = await readYoloConfig(folder, options.classNames);
    const names = splits.flatMap(({ split }) => split ?? []);
    return {
      format: 'yolo',
      folder,
      splits: names.length > 0 ? names : undefined,
      classes: config.classes,
      keypointShapes: keypointShapesOf(config),
      pictures: (reading) => readSplits(splits, { ...reading, config }),
    };
  },
};

/** By class, of all classes for which points have names; without names, of all classes. */
export function keypointShapesOf({ classes, pose }: YoloConfig): ReadonlyMap<string, KeypointShape> | undefined {
  if (pose === undefined) return undefined;
  const { count, flip, names } = pose;
  const shapes = classes.map((name, id): readonly [string, KeypointShape] => [
    name,
    { count, flip, names: names.get(id) },
  ]);
  return new Map(names.size === 0 ? shapes : shapes.filter(([, shape]) => shape.names !== undefined));
}

interface ReadSplitOptions extends ReadPicturesOptions {
  readonly config: YoloConfig;
}

async function* readSplits(splits: readonly YoloSplit[], options: ReadSplitOptions): AsyncGenerator<AnnotatedPicture> {
  for (const split of splits) yield* readYoloSplit(split, options);
}

/** The pictures of one split by name; of a label file without a picture, and of a broken picture, `leaveOut` is told. */
export async function* readYoloSplit(split: YoloSplit, options: ReadSplitOptions): AsyncGenerator<AnnotatedPicture> {
  const pictures = await picturesIn(split.images, { leaveOut: options.leaveOut, label: split.split });
  const labels = (await filesIn(split.labels)).filter((file) => file.endsWith('.txt')).map(pictureName);
  const names = [...new Set([...pictures.keys(), ...labels])].sort(compareCodePoints);
  yield* readAhead(names, options, (name, { leaveOut }) =>
    readPicture(split, { name, file: pictures.get(name) }, { ...options, leaveOut }),
  );
}

interface NamedFile {
  readonly name: string;
  readonly file: string | undefined;
}

async function readPicture(
  { split, images, labels }: YoloSplit,
  { name, file }: NamedFile,
  { leaveOut, config }: ReadSplitOptions,
): Promise<AnnotatedPicture | undefined> {
  const label = pictureLabel({ name, split });
  if (file === undefined) {
    const reason = `There is a label file of ${label}, but no such picture in ${images}.`;
    return leaveOut({ code: 'picture_missing', picture: label, reason }) as undefined;
  }
  const path = join(images, file);
  const { size, problem } = await pictureSize(path);
  if (problem !== undefined) return leaveOut({ picture: label, ...problem }) as undefined;
  const annotations = await readLabels(join(labels, `${name}.txt`), { label, size, leaveOut, config });
  return { name, split, picture: { path, size }, annotations };
}

interface ReadLabelsOptions extends Pick<ReadSplitOptions, 'leaveOut' | 'config'> {
  readonly label: string;
  readonly size: Size;
}

async function readLabels(
  path: string,
  { label, size, leaveOut, config }: ReadLabelsOptions,
): Promise<readonly Annotation[]> {
  const text = await readText(path);
  if (text === undefined) return [];
  if (text === 'too long') {
    leaveOut({
      code: 'annotations_broken',
      picture: label,
      reason: `${path} is no label file: it has more than ${MOST_BYTES} bytes.`,
    });
    return [];
  }
  const annotations: Annotation[] = [];
  for (const [index, line] of text.split(/\r?\n/u).entries()) {
    if (line.trim() === '') continue;
    const found = parseLabelLine(line, { ...config, size });
    if (typeof found !== 'string') annotations.push(found);
    else {
      const place = `line ${index + 1}`;
      leaveOut({
        code: 'annotations_broken',
        picture: label,
        annotation: place,
        reason: `${path}, ${place}: ${found}.`,
      });
    }
  }
  return annotations;
}

const MOST_BYTES = 64 * 1024 * 1024;

async function readText(path: string): Promise<string | undefined> {
  try {
    if ((await stat(path)).size > MOST_BYTES) return 'too long';
    return (await readFile(path, 'utf8')).replace(/^\uFEFF/u, '');
  } catch (error) {
    if (isFileSystemError(error, 'ENOENT')) return undefined;
    throw error;
  }
}
