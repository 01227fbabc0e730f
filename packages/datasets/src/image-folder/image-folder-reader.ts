import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { AnnotatedPicture } from '../model/annotated-picture.js';
import type { DatasetReader, ReadPicturesOptions } from '../model/dataset-reader.js';
import { orMissing } from '../pictures/file-system-error.js';
import { splitNames } from '../pictures/folders-in.js';
import { picturesIn } from '../pictures/picture-index.js';
import { Turns } from '../pictures/turns.js';
import { pictureLabel } from '../pictures/usable-picture.js';
import { findClassFolders, type ClassFolders } from './class-folders.js';
import { CLASS_LIST } from './image-folder-writer.js';

/** Reads a folder for each class, or such folders for each split. */
export const imageFolderReader: DatasetReader = {
  format: 'imagefolder',
  async open(folder, options) {
    const places = await findClassFolders(folder, options);
    return {
      format: 'imagefolder',
      folder,
      splits: splitNames(places),
      classes: await classesOf(folder, places),
      pictures: (reading) => readPlaces(places, reading),
    };
  },
};

/** In the order of the list, where there is one; folders that it does not name follow. */
async function classesOf(folder: string, places: readonly ClassFolders[]): Promise<string[]> {
  const list = (await orMissing(readFile(join(folder, CLASS_LIST), 'utf8'), ['ENOENT', 'EISDIR'])) ?? '';
  const listed = list.split(/\r?\n/u).filter((line) => line !== '');
  return [...new Set([...listed, ...places.flatMap(({ classes }) => classes)])];
}

async function* readPlaces(
  places: readonly ClassFolders[],
  options: ReadPicturesOptions,
): AsyncGenerator<AnnotatedPicture> {
  for (const place of places) yield* readPlace(place, options);
}

async function* readPlace(
  { split, folder, classes }: ClassFolders,
  options: ReadPicturesOptions,
): AsyncGenerator<AnnotatedPicture> {
  const pictures = new Map<string, ReadonlyMap<string, string>>();
  for (const className of classes) {
    const label = pictureLabel({ name: className, split });
    pictures.set(className, await picturesIn(join(folder, className), { leaveOut: options.leaveOut, label }));
  }
  const turns = new Turns();
  const names = new UniqueNames(pictures);
  for (const [className, files] of pictures) {
    for (const [name, file] of files) {
      await turns.next(options.signal);
      const path = join(folder, className, file);
      yield {
        name: names.of(className, name),
        split,
        picture: { path },
        annotations: [{ kind: 'classification', className }],
      };
    }
  }
}

/** Pictures of two classes may have the same name; then both have their class in front of it. */
class UniqueNames {
  readonly #taken = new Set<string>();
  readonly #shared = new Set<string>();

  constructor(pictures: ReadonlyMap<string, ReadonlyMap<string, string>>) {
    const seen = new Set<string>();
    for (const name of [...pictures.values()].flatMap((files) => [...files.keys()])) {
      (seen.has(name) ? this.#shared : seen).add(name);
    }
    for (const name of seen) if (!this.#shared.has(name)) this.#taken.add(name);
  }

  of(className: string, name: string): string {
    if (!this.#shared.has(name)) return name;
    let unique = `${className}_${name}`;
    for (let number = 2; this.#taken.has(unique); number += 1) unique = `${className}_${name}_${number}`;
    this.#taken.add(unique);
    return unique;
  }
}
