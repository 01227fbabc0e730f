import { basename, dirname, join } from 'node:path';

import type { AnnotatedPicture } from '../model/annotated-picture.js';
import type { DatasetReader, DatasetSource, ReadPicturesOptions } from '../model/dataset-reader.js';
import { compareCodePoints } from '../pictures/compare-code-points.js';
import { findPicture } from '../pictures/find-picture.js';
import { splitNames } from '../pictures/folders-in.js';
import { tellUnused } from '../pictures/tell-unused.js';
import { filesIn, picturesIn, pictureName } from '../pictures/picture-index.js';
import { NoSmallFileError, readSmallFile } from '../pictures/small-file.js';
import { Turns } from '../pictures/turns.js';
import { unsafeName } from '../pictures/safe-name.js';
import { pictureLabel, tellMissing } from '../pictures/usable-picture.js';
import { findVocFolders, type VocFolder } from './find-voc-folders.js';
import { parseVoc, type VocPicture } from './parse-voc.js';
import { XmlError } from './xml-tree.js';

/** What a file of annotations may be long; those of one picture are a few kilobytes. */
const MOST_BYTES = 16 * 2 ** 20;

/** Reads the boxes of Pascal VOC, one file for each picture. */
export const vocReader: DatasetReader = {
  format: 'pascal',
  async open(folder, options): Promise<DatasetSource> {
    const places = await findVocFolders(folder, options);
    return {
      format: 'pascal',
      folder,
      splits: splitNames(places),
      async *pictures(reading) {
        for (const place of places) yield* readFolder(place, reading);
      },
    };
  },
};

async function* readFolder(place: VocFolder, reading: ReadPicturesOptions): AsyncGenerator<AnnotatedPicture> {
  const pictures = await picturesIn(place.pictures, { leaveOut: reading.leaveOut, label: place.split });
  const files = (await filesIn(place.annotations)).filter((file) => file.toLowerCase().endsWith('.xml'));
  const read = new FolderReader(place, pictures, reading);
  const turns = new Turns();
  for (const file of files.sort(compareCodePoints)) {
    await turns.next(reading.signal);
    if (place.names?.has(pictureName(file)) === false) continue;
    const picture = read.one(file);
    if (picture !== undefined) yield picture;
  }
  read.tellUnused();
}

class FolderReader {
  readonly #place: VocFolder;
  readonly #pictures: ReadonlyMap<string, string>;
  readonly #files: ReadonlySet<string>;
  readonly #reading: ReadPicturesOptions;
  readonly #names = new Set<string>();
  readonly #found = new Set<string>();

  constructor(place: VocFolder, pictures: ReadonlyMap<string, string>, reading: ReadPicturesOptions) {
    this.#place = place;
    this.#pictures = pictures;
    this.#files = new Set(pictures.values());
    this.#reading = reading;
  }

  one(file: string): AnnotatedPicture | undefined {
    const voc = this.#parse(file);
    const pictureFile = this.#pictureOf(file, voc);
    if (pictureFile !== undefined) this.#found.add(pictureFile);
    if (voc === undefined) return undefined;
    const name = pictureFile === undefined ? pictureName(file) : pictureName(pictureFile);
    if (this.#names.has(name)) {
      const reason = `${join(this.#place.annotations, file)} is a second file of annotations of ${name}.`;
      this.#reading.leaveOut({ code: 'picture_duplicate', picture: this.#label(name), reason });
      return undefined;
    }
    this.#names.add(name);
    if (pictureFile === undefined) {
      tellMissing(this.#label(name), this.#reading.leaveOut);
      return undefined;
    }
    for (const told of voc.told) this.#reading.leaveOut({ ...told, picture: this.#label(name) });
    const { split, pictures } = this.#place;
    const picture = { path: join(pictures, pictureFile), size: voc.size };
    return { name, split, picture, annotations: voc.annotations };
  }

  /** The file that the annotations name, if it is there, else that of the same name as theirs. */
  #pictureOf(file: string, { fileName }: Partial<VocPicture> = {}): string | undefined {
    const named = fileName === undefined ? undefined : join(dirname(file), fileName);
    if (named !== undefined && unsafeName(named, { folders: true }) === undefined && this.#files.has(named))
      return named;
    return findPicture(this.#pictures, pictureName(file));
  }

  #parse(file: string): VocPicture | undefined {
    const path = join(this.#place.annotations, file);
    try {
      return parseVoc(new TextDecoder('utf-8', { fatal: true }).decode(readSmallFile(path, MOST_BYTES)));
    } catch (error) {
      const isText =
        error instanceof TypeError && 'code' in error && error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA';
      const isOwn = error instanceof XmlError || error instanceof NoSmallFileError;
      if (!isOwn && !isText) throw error;
      const why = isOwn ? error.message : 'it is not UTF-8';
      const reason = `${path} cannot be read as Pascal VOC: ${why}.`;
      this.#reading.leaveOut({ code: 'annotations_broken', picture: this.#label(basename(file)), reason });
      return undefined;
    }
  }

  /** A list of names says which pictures are not wanted. */
  tellUnused(): void {
    const { names, split } = this.#place;
    if (names === undefined) tellUnused(this.#files, { found: this.#found, split, leaveOut: this.#reading.leaveOut });
  }

  #label(name: string): string {
    return pictureLabel({ name, split: this.#place.split });
  }
}
