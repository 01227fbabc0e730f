import { open } from 'node:fs/promises';
import { join } from 'node:path';

import { asObject, asText } from '../dm/json-fields.js';
import type { AnnotatedPicture, Annotation, PictureFile } from '../model/annotated-picture.js';
import type { DatasetReader, DatasetSource, KeypointShape, ReadPicturesOptions } from '../model/dataset-reader.js';
import type { LeaveOut } from '../model/left-out.js';
import type { CocoFile, CocoPicture } from './coco-file.js';
import { splitNames } from '../pictures/folders-in.js';
import { Turns } from '../pictures/turns.js';
import { pictureLabel } from '../pictures/usable-picture.js';
import { findCocoFiles, type CocoFilePlace } from './find-coco-files.js';
import { firstFile } from './first-file.js';
import { indexCocoFile } from './index-coco-file.js';
import { readAnnotations } from './read-annotations.js';
import { toAnnotation } from './to-annotation.js';

/** Reads COCO: objects, their outlines and masks, and their points. A file may be larger than memory, and in any order. */
export const cocoReader: DatasetReader = {
  format: 'coco',
  async open(folder, options): Promise<DatasetSource> {
    const parts: CocoPart[] = [];
    for (const place of await findCocoFiles(folder, options)) {
      parts.push({ place, file: await indexCocoFile(place.path, options.signal) });
    }
    return {
      format: 'coco',
      folder,
      splits: splitNames(parts.map(({ place }) => place)),
      classes: [...new Set(parts.flatMap(({ file }) => [...file.categories.values()].map(({ name }) => name)))],
      keypointShapes: shapesOf(parts),
      pictureCount: parts.reduce((sum, { file }) => sum + file.pictures.length, 0),
      pictures: (reading) => readParts(parts, reading),
    };
  },
};

interface CocoPart {
  readonly place: CocoFilePlace;
  readonly file: CocoFile;
}

/** By class name; the first file that says it counts. */
function shapesOf(parts: readonly CocoPart[]): Map<string, KeypointShape> {
  const shapes = new Map<string, KeypointShape>();
  for (const { name, keypoints, skeleton } of parts.flatMap(({ file }) => [...file.categories.values()])) {
    if (keypoints === undefined || shapes.has(name)) continue;
    shapes.set(name, { names: keypoints, count: keypoints.length, ...(skeleton && { skeleton }) });
  }
  return shapes;
}

async function* readParts(parts: readonly CocoPart[], reading: ReadPicturesOptions): AsyncGenerator<AnnotatedPicture> {
  for (const part of parts) yield* readPart(part, reading);
}

async function* readPart({ place, file }: CocoPart, reading: ReadPicturesOptions): AsyncGenerator<AnnotatedPicture> {
  const { split } = place;
  const told: LeaveOut = (entry) =>
    reading.leaveOut({ ...entry, picture: pictureLabel({ name: entry.picture, split }) });
  for (const problems of file.problems) problems.tell(told);
  const turns = new Turns();
  const handle = await open(file.path, 'r');
  try {
    let index = 0;
    for await (const items of readAnnotations(file, handle)) {
      await turns.next(reading.signal);
      const listed = file.pictures[index];
      index += 1;
      if (listed === undefined) continue;
      const annotations = toAnnotations(items, file, { name: listed.name, leaveOut: told });
      yield { name: listed.name, split, picture: pictureFile(listed, place), annotations };
    }
  } finally {
    await handle.close();
  }
}

interface PictureTelling {
  readonly name: string;
  readonly leaveOut: LeaveOut;
}

function toAnnotations(items: readonly unknown[], file: CocoFile, { name, leaveOut }: PictureTelling): Annotation[] {
  const annotations: Annotation[] = [];
  const ids = new Set<string>();
  for (const [place, item] of items.entries()) {
    const { annotation, refusal } = toAnnotation(item, file.categories);
    if (refusal !== undefined)
      leaveOut({ ...refusal, picture: name, annotation: asText(asObject(item)?.['id']) ?? `${place}` });
    if (annotation === undefined) continue;
    const { id, ...rest } = annotation;
    // Ids are unique in a picture; of an annotation that takes another one's the id is not kept.
    annotations.push(id !== undefined && ids.has(id) ? rest : annotation);
    if (id !== undefined) ids.add(id);
  }
  return annotations;
}

/** As it is written, and as macOS or others write the same name. */
const FORMS = [undefined, 'NFC', 'NFD'] as const;

/** None when the file is listed and not there. */
function pictureFile(listed: CocoPicture, { pictureFolders }: CocoFilePlace): PictureFile | undefined {
  const names = [
    ...new Set(FORMS.map((form) => (form === undefined ? listed.fileName : listed.fileName.normalize(form)))),
  ];
  const path = firstFile(names.flatMap((name) => pictureFolders.map((folder) => join(folder, name))));
  return path === undefined ? undefined : { path, ...(listed.size && { size: listed.size }) };
}
