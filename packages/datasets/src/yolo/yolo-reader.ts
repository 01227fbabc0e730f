import { join } from 'node:path';

import type { AnnotatedPicture, Annotation, Size } from '../model/annotated-picture.js';
import type { DatasetReader, KeypointShape, ReadPicturesOptions } from '../model/dataset-reader.js';
import { compareCodePoints } from '../pictures/compare-code-points.js';
import { isFileSystemError } from '../pictures/file-system-error.js';
import { findPicture } from '../pictures/find-picture.js';
import { splitNames } from '../pictures/folders-in.js';
import { filesIn, pictureName, picturesIn } from '../pictures/picture-index.js';
import { lookAt } from '../pictures/picture-size.js';
import { NoSmallFileError, readSmallText } from '../pictures/small-file.js';
import { Turns } from '../pictures/turns.js';
import { pictureLabel } from '../pictures/usable-picture.js';
import { parseLabelLine } from './parse-label-line.js';
import { inventedName, readYoloConfig, type YoloConfig } from './read-config.js';
import { findYoloSplits, type YoloSplit } from './yolo-folder.js';

/** Reads the layout of trainers. A picture without a label file is one on which there is nothing, as YOLO has it. */
export const yoloReader: DatasetReader = {
  format: 'yolo',
  async open(folder, options) {
    const splits = await findYoloSplits(folder, options);
    const config = readYoloConfig(folder, options.classNames);
    return {
      format: 'yolo',
      folder,
      splits: splitNames(splits),
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
  const labeled = new Map(labels.map((name) => [findPicture(pictures, name) ?? name, name]));
  const unlabeled = [...pictures].flatMap(([name, file]) => (labeled.has(file) ? [] : name));
  const names = [...new Set([...labels, ...unlabeled])].sort(compareCodePoints);
  const unnamed = new Set<number>();
  const turns = new Turns();
  for (const name of names) {
    await turns.next(options.signal);
    const picture = readPicture(split, { name, file: findPicture(pictures, name) }, { ...options, unnamed });
    if (picture !== undefined) yield picture;
  }
}

interface NamedFile {
  readonly name: string;
  readonly file: string | undefined;
}

function readPicture(
  { split, images, labels }: YoloSplit,
  { name, file }: NamedFile,
  { leaveOut, config, unnamed }: ReadSplitOptions & ToldClasses,
): AnnotatedPicture | undefined {
  const label = pictureLabel({ name, split });
  if (file === undefined) {
    const reason = `There is a label file of ${label}, but no such picture in ${images}.`;
    leaveOut({ code: 'picture_missing', picture: label, reason });
    return undefined;
  }
  const picture = { path: join(images, file) };
  const { size, problem } = lookAt(picture);
  if (problem !== undefined) {
    leaveOut({ picture: label, ...problem });
    return undefined;
  }
  const annotations = readLabels(join(labels, `${name}.txt`), { label, size, leaveOut, config, unnamed });
  return { name, split, picture, annotations };
}

interface ToldClasses {
  /** Classes without a name that were told already. */
  readonly unnamed: Set<number>;
}

interface ReadLabelsOptions extends ToldClasses, Pick<ReadSplitOptions, 'leaveOut' | 'config'> {
  readonly label: string;
  readonly size: Size;
}

function readLabels(path: string, options: ReadLabelsOptions): readonly Annotation[] {
  const { label, size, leaveOut, config } = options;
  const text = readText(path);
  if (text === undefined) return [];
  if (typeof text !== 'string') {
    leaveOut({ code: 'annotations_broken', picture: label, reason: `${path} is no label file: ${text.message}.` });
    return [];
  }
  const annotations: Annotation[] = [];
  for (const [index, line] of text.split(/\r?\n/u).entries()) {
    if (line.trim() === '') continue;
    const place = `line ${index + 1}`;
    const onUnnamed = (id: number): void => tellUnnamed(id, { ...options, place });
    const found = parseLabelLine(line, { ...config, size, onUnnamed });
    if (typeof found !== 'string') annotations.push({ ...found, line: index + 1 });
    else {
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

/** Once: what is wrong is the list of names, not each label. */
function tellUnnamed(id: number, options: ReadLabelsOptions & { readonly place: string }): void {
  const { label, leaveOut, unnamed, place } = options;
  if (unnamed.has(id)) return;
  unnamed.add(id);
  const reason = `The data set has no name for class ${id}: it is called ${inventedName(id)}, here and in other labels.`;
  leaveOut({ code: 'class_unnamed', picture: label, annotation: place, reason });
}

const MOST_BYTES = 64 * 1024 * 1024;

function readText(path: string): string | NoSmallFileError | undefined {
  try {
    return readSmallText(path, MOST_BYTES);
  } catch (error) {
    if (error instanceof NoSmallFileError) return error;
    if (isFileSystemError(error, 'ENOENT')) return undefined;
    throw error;
  }
}
