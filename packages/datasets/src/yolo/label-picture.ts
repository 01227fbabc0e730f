import { extname, join } from 'node:path';

import type { AnnotatedPicture } from '../model/annotated-picture.js';
import { annotationLabel } from '../model/annotation-label.js';
import type { BeginDatasetOptions } from '../model/dataset-writer.js';
import { placePicture } from '../pictures/place-picture.js';
import { hasControlCharacter } from '../pictures/safe-name.js';
import { pictureLabel, usablePicture, type UsablePicture } from '../pictures/usable-picture.js';
import { writeNew } from '../pictures/write-new.js';
import { labelsOf, type Label, type LabelRules } from './labels-of.js';
import { sixDecimals } from './six-decimals.js';

/** The labels of one annotation. */
interface LabeledAnnotation {
  readonly id: string;
  readonly labels: readonly Label[];
}

export interface LabeledPicture {
  readonly name: string;
  /** As reports name it. */
  readonly label: string;
  readonly file: UsablePicture;
  readonly annotations: readonly LabeledAnnotation[];
}

/** A picture with its labels; `undefined` when it cannot be used. Whatever is left out is told. */
export function labelPicture(
  picture: AnnotatedPicture,
  { rules, leaveOut }: { readonly rules: LabelRules } & Pick<BeginDatasetOptions, 'leaveOut'>,
): LabeledPicture | undefined {
  const file = usablePicture(picture, leaveOut);
  if (file === undefined) return undefined;
  const label = pictureLabel(picture);
  const annotations: LabeledAnnotation[] = [];
  for (const [index, annotation] of picture.annotations.entries()) {
    const id = annotation.groupId ?? annotation.id;
    const { labels, problems } = labelsOf(annotation, { size: file.size, rules });
    const unsafe = labels.length > 0 && unsafeClass(annotation.className);
    const told = unsafe ? [{ code: 'class_name_unsafe' as const, reason: unsafe }] : problems;
    for (const problem of told)
      leaveOut({ ...problem, picture: label, annotation: id ?? annotationLabel(annotation, index) });
    if (labels.length > 0 && !unsafe) annotations.push({ id: id ?? '', labels });
  }
  return { name: picture.name, label, file, annotations };
}

/** Whether a class can stand in `classes.txt`, in which each line is one. */
export function isClassSafe(name: string): boolean {
  return unsafeClass(name) === undefined;
}

function unsafeClass(name: string): string | undefined {
  if (name.trim() === '') return 'A class has an empty name.';
  if (!hasControlCharacter(name)) return undefined;
  return `The class ${JSON.stringify(name)} has a line break or another control character in its name.`;
}

export interface WriteLabeledOptions extends Pick<BeginDatasetOptions, 'leaveOut' | 'copyPictures'> {
  /** Where `images/` and `labels/` are. */
  readonly folder: string;
  /** The label file. */
  readonly text: string;
}

/** Writes the label file and places the picture. @returns false when the name is taken, of which `leaveOut` was told */
export async function writeLabeled(picture: LabeledPicture, options: WriteLabeledOptions): Promise<boolean> {
  const { folder, text, leaveOut } = options;
  const labels = join(folder, 'labels', `${picture.name}.txt`);
  const to = join(folder, 'images', picture.name + extname(picture.file.path));
  const isNew =
    writeNew(labels, text) && (await placePicture(picture.file.path, { to, copy: options.copyPictures })) === 'placed';
  if (isNew) return true;
  const reason = `There is another picture with the name ${picture.label}.`;
  leaveOut({ code: 'picture_duplicate', picture: picture.label, reason });
  return false;
}

/** One line of a label file. */
export function labelLine(classId: number, { numbers }: Label): string {
  const texts = numbers.map((number) => (typeof number === 'number' ? sixDecimals(number) : String(number.whole)));
  return [classId, ...texts].join(' ');
}
