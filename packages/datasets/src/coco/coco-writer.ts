import { mkdir } from 'node:fs/promises';
import { extname, join } from 'node:path';

import type { AnnotatedPicture, Annotation, AnnotationKind, Size } from '../model/annotated-picture.js';
import { annotationLabel } from '../model/annotation-label.js';
import type { BeginDatasetOptions, DatasetSink, DatasetWriter, FinishedDataset } from '../model/dataset-writer.js';
import { placePicture } from '../pictures/place-picture.js';
import { pictureLabel, splitFolder, usablePicture } from '../pictures/usable-picture.js';
import { CocoCategories } from './coco-categories.js';
import { CocoFileWriter } from './coco-file-writer.js';
import { attributeFields, geometryOf, type Told } from './from-annotation.js';
import { keepWithin } from './keep-within.js';

/**
 * Writes `annotations.json` beside the pictures, for each split. Masks that are areas rather than objects (`segmentation:
 * 'semantic'`) go into `stuff.json`, as COCO itself keeps them apart.
 */
export const cocoWriter: DatasetWriter = {
  format: 'coco',
  wantsSurvey: true,
  async begin(options): Promise<DatasetSink> {
    const sink = new CocoSink(options);
    try {
      for (const split of options.splits ?? [undefined]) await sink.openSplit(split);
    } catch (error) {
      await sink.abort();
      throw error;
    }
    return sink;
  },
};

const OBJECTS: readonly AnnotationKind[] = ['box', 'polygon', 'keypoints'];

/** The files of one split. */
interface CocoSplit {
  readonly objects: CocoFileWriter;
  readonly stuff?: CocoFileWriter | undefined;
}

class CocoSink implements DatasetSink {
  readonly #options: BeginDatasetOptions;
  readonly #splits = new Map<string | undefined, CocoSplit>();
  readonly #objects: CocoCategories;
  readonly #stuff: CocoCategories | undefined;

  constructor(options: BeginDatasetOptions) {
    this.#options = options;
    const { segmentation = 'instance' } = options;
    this.#objects = new CocoCategories(options, segmentation === 'instance' ? [...OBJECTS, 'mask'] : OBJECTS);
    this.#stuff = segmentation === 'semantic' ? new CocoCategories(options, ['mask']) : undefined;
  }

  async openSplit(split: string | undefined): Promise<CocoSplit> {
    const open = this.#splits.get(split);
    if (open !== undefined) return open;
    const folder = splitFolder(this.#options.folder, split);
    await mkdir(folder, { recursive: true });
    const objects = await CocoFileWriter.open(join(folder, 'annotations.json'));
    this.#splits.set(split, { objects });
    if (this.#stuff === undefined) return { objects };
    const both = { objects, stuff: await CocoFileWriter.open(join(folder, 'stuff.json')) };
    this.#splits.set(split, both);
    return both;
  }

  async add(picture: AnnotatedPicture): Promise<number | undefined> {
    const usable = usablePicture(picture, this.#options.leaveOut);
    if (usable === undefined) return undefined;
    const { objects, stuff } = await this.openSplit(picture.split);
    const fileName = `${picture.name}${extname(usable.path)}`;
    if (!(await this.#place(picture, { from: usable.path, fileName }))) return undefined;

    const written = this.#annotationsOf(picture, usable.size);
    const listed = { file_name: fileName, ...usable.size };
    await objects.add(listed, written.objects);
    await stuff?.add(listed, written.stuff);
    return written.objects.length + written.stuff.length;
  }

  async #place(picture: AnnotatedPicture, { from, fileName }: { from: string; fileName: string }): Promise<boolean> {
    const to = join(splitFolder(this.#options.folder, picture.split), fileName);
    if ((await placePicture(from, { to, copy: this.#options.copyPictures })) === 'placed') return true;
    const reason = `There is a file ${fileName} already; give the picture another name.`;
    this.#options.leaveOut({ code: 'picture_duplicate', picture: pictureLabel(picture), reason });
    return false;
  }

  #annotationsOf(picture: AnnotatedPicture, size: Size): { readonly objects: object[]; readonly stuff: object[] } {
    const [objects, stuff]: [object[], object[]] = [[], []];
    for (const [index, annotation] of picture.annotations.entries()) {
      const { fields, told } = this.#fieldsOf(annotation, size);
      if (told !== undefined) {
        const name = annotation.id ?? annotation.groupId ?? annotationLabel(annotation, index);
        const label = { picture: pictureLabel(picture), annotation: name };
        this.#options.leaveOut({ ...told, ...label });
      }
      if (fields === undefined) continue;
      if (annotation.kind === 'mask' && this.#stuff !== undefined) stuff.push(fields);
      else objects.push(fields);
    }
    return { objects, stuff };
  }

  #fieldsOf(annotation: Annotation, size: Size): { readonly fields?: object; readonly told?: Told } {
    if (annotation.kind === 'mask' && this.#options.segmentation === 'exclude') {
      return { told: { code: 'kind_not_supported', reason: 'Masks are not wanted.' } };
    }
    const within = keepWithin(annotation, size, this.#options.outside);
    if (within.annotation === undefined) return within;
    const categories = annotation.kind === 'mask' ? (this.#stuff ?? this.#objects) : this.#objects;
    const { geometry, told = within.told } = geometryOf(within.annotation, { size, shapes: categories.shapes });
    if (geometry === undefined) return { ...(told && { told }) };
    const { bbox, segmentation, area, ...points } = geometry;
    const fields = {
      category_id: categories.idOf(annotation.className),
      bbox,
      ...(segmentation && { segmentation }),
      area,
      ...attributeFields(annotation),
      ...points,
    };
    return { fields, ...(told && { told }) };
  }

  async finish(): Promise<FinishedDataset> {
    for (const { objects, stuff } of this.#splits.values()) {
      await objects.finish(this.#objects.toJson());
      await stuff?.finish(this.#stuff?.toJson() ?? []);
    }
    return { configPath: undefined };
  }

  async abort(): Promise<void> {
    for (const { objects, stuff } of this.#splits.values()) {
      await objects.close();
      await stuff?.close();
    }
  }
}
