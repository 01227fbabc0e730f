import { extname, join } from 'node:path';

import { isFiniteBox } from '../coco/geometry.js';
import { keepWithin } from '../coco/keep-within.js';
import type { AnnotatedPicture, Annotation, Box, BoxAnnotation, Size } from '../model/annotated-picture.js';
import { annotationLabel } from '../model/annotation-label.js';
import type { BeginDatasetOptions, DatasetSink, DatasetWriter } from '../model/dataset-writer.js';
import type { LeftOutCode } from '../model/left-out.js';
import { makeSplitFolders } from '../pictures/make-split-folders.js';
import { placePicture } from '../pictures/place-picture.js';
import { pictureLabel, splitFolder, usablePicture } from '../pictures/usable-picture.js';
import { writeNew } from '../pictures/write-new.js';
import { isXmlText, roundHalfEven, vocXml } from './voc-xml.js';

/** Writes the boxes of a data set: `Annotations/` with a file for each picture, and the pictures in `JPEGImages/`. */
export const vocWriter: DatasetWriter = {
  format: 'pascal',
  wantsSurvey: false,
  async begin(options): Promise<DatasetSink> {
    await makeSplitFolders(options, ['Annotations', 'JPEGImages']);
    return {
      add: (picture) => addPicture(picture, options),
      finish: () => Promise.resolve({ configPath: undefined }),
    };
  },
};

async function addPicture(picture: AnnotatedPicture, options: BeginDatasetOptions): Promise<number | undefined> {
  const usable = usablePicture(picture, options.leaveOut);
  if (usable === undefined) return undefined;
  const label = pictureLabel(picture);
  const folder = splitFolder(options.folder, picture.split);
  const fileName = `${picture.name}${extname(usable.path)}`;
  const objects = boxesOf(picture, usable.size, options);
  const xml = join(folder, 'Annotations', `${picture.name}.xml`);
  const to = join(folder, 'JPEGImages', fileName);
  if ((await placePicture(usable.path, { to, copy: options.copyPictures })) === 'taken') {
    const reason = `There is a file ${fileName} already; give the picture another name.`;
    options.leaveOut({ code: 'picture_duplicate', picture: label, reason });
    return undefined;
  }
  if (writeNew(xml, vocXml({ fileName, size: usable.size, objects }))) return objects.length;
  const reason = `There is a second ${label}; give the picture another name.`;
  options.leaveOut({ code: 'picture_duplicate', picture: label, reason });
  return undefined;
}

function boxesOf(picture: AnnotatedPicture, size: Size, { outside, leaveOut }: BeginDatasetOptions): BoxAnnotation[] {
  const boxes: BoxAnnotation[] = [];
  for (const [index, annotation] of picture.annotations.entries()) {
    const tell = (code: LeftOutCode, reason: string): void =>
      leaveOut({ code, reason, picture: pictureLabel(picture), annotation: annotationLabel(annotation, index) });
    const refusal = refusalOf(annotation);
    if (refusal !== undefined) {
      tell(...refusal);
      continue;
    }
    const { annotation: within, told } = keepWithin(annotation, size, outside);
    if (told !== undefined) tell(told.code, told.reason);
    if (within?.kind !== 'box') continue;
    const box = atLeastOnePixel(within.box);
    if (box !== within.box) tell('corrected', 'It is less than a pixel wide or high, and was made one pixel.');
    if ((box.rotation ?? 0) !== 0) tell('reduced', 'Pascal VOC has no rotations: the box is upright.');
    boxes.push({ ...within, box });
  }
  return boxes;
}

function refusalOf(annotation: Annotation): [LeftOutCode, string] | undefined {
  if (annotation.kind !== 'box') return ['kind_not_supported', `Pascal VOC has no ${annotation.kind}s.`];
  if (!isFiniteBox(annotation.box)) {
    return ['geometry_invalid', 'Its box is not of finite numbers with a width and a height.'];
  }
  if (isXmlText(annotation.className)) return undefined;
  const name = JSON.stringify(annotation.className);
  return ['class_name_unsafe', `The class name ${name} has characters that XML has no place for.`];
}

/** The same box when its corners, rounded, are different ones. */
function atLeastOnePixel(box: Box): Box {
  const [left, top] = [roundHalfEven(box.x), roundHalfEven(box.y)];
  const isWide = roundHalfEven(box.x + box.width) > left;
  const isHigh = roundHalfEven(box.y + box.height) > top;
  if (isWide && isHigh) return box;
  return { ...box, ...(!isWide && { x: left, width: 1 }), ...(!isHigh && { y: top, height: 1 }) };
}
