import { basename } from 'node:path';

import { asObject, asText } from '../dm/json-fields.js';
import { unsafeName } from '../pictures/safe-name.js';
import { AnnotationIndex } from './annotation-index.js';
import type { CocoCategory, CocoPicture } from './coco-file.js';
import type { JsonListItem } from './json-list-scanner.js';
import { parseJsonItem } from './parse-json-item.js';
import { parseCategory, parsePicture } from './parse-lists.js';
import { ProblemList } from './problem-list.js';

/** The place of a picture that was left out, of which something was said already. */
const LEFT_OUT = -1;

/** Takes what a file lists once: pictures and categories. */
export class HeadIndexer {
  readonly pictures: CocoPicture[] = [];
  readonly categories = new Map<string, CocoCategory>();
  readonly problems = new ProblemList();
  /** Set when annotations had to be looked at before all pictures were known. */
  cameLate = false;
  readonly #file: string;
  readonly #places = new Map<string, number>();
  readonly #names = new Set<string>();

  constructor(path: string) {
    this.#file = basename(path);
  }

  take({ list, bytes, offset }: JsonListItem): void {
    const value = parsed(bytes);
    if (list === 'images') this.#takePicture(value, offset);
    else this.#takeCategory(value, offset);
  }

  /** Its place in `pictures`, `LEFT_OUT`, or `undefined` when no such picture is listed. */
  placeOf(imageId: string): number | undefined {
    return this.#places.get(imageId);
  }

  #takePicture(value: unknown, offset: number): void {
    const picture = parsePicture(value);
    if (picture === undefined) return this.#broken(`The picture at byte ${offset} has no id or no file name.`);
    const { id, fileName, name } = picture;
    if (this.#places.has(id)) {
      const reason = `A second picture has the id ${id}: ${fileName}.`;
      return this.problems.add({ code: 'picture_duplicate', picture: name, reason });
    }
    this.#places.set(id, LEFT_OUT);
    const unsafe = unsafeName(fileName, { folders: true });
    if (unsafe !== undefined) return this.problems.add({ code: 'name_unsafe', picture: this.#file, reason: unsafe });
    if (this.#names.has(name)) {
      const reason = `A second picture is called ${name}: ${fileName}, with the id ${id}.`;
      return this.problems.add({ code: 'picture_duplicate', picture: name, reason });
    }
    this.#names.add(name);
    this.#places.set(id, this.pictures.length);
    this.pictures.push(picture);
  }

  #takeCategory(value: unknown, offset: number): void {
    const category = parseCategory(value);
    if (category === undefined) return this.#broken(`The category at byte ${offset} has no id or no name.`);
    const { id, ...rest } = category;
    if (this.categories.has(id)) return this.#broken(`A second category has the id ${id}: '${category.name}'.`);
    this.categories.set(id, rest);
  }

  #broken(reason: string): void {
    this.problems.add({ code: 'annotations_broken', picture: this.#file, reason });
  }
}

/** Takes annotations, of which it remembers the places. */
export class AnnotationIndexer {
  readonly index = new AnnotationIndex();
  readonly problems = new ProblemList();
  hasSome = false;
  readonly #file: string;
  readonly #head: HeadIndexer;

  constructor(path: string, head: HeadIndexer) {
    this.#file = basename(path);
    this.#head = head;
  }

  take({ bytes, offset }: JsonListItem): void {
    this.hasSome = true;
    const fields = asObject(parsed(bytes));
    const imageId = asText(fields?.['image_id']);
    const annotation = asText(fields?.['id']);
    if (imageId === undefined) {
      const reason = `The annotation at byte ${offset} is ${fields === undefined ? 'no JSON object' : 'of no picture'}.`;
      return this.problems.add({ code: 'annotations_broken', picture: this.#file, annotation, reason });
    }
    const place = this.#head.placeOf(imageId);
    if (place === undefined) {
      const reason = `An annotation is of picture ${imageId}, which is not listed.`;
      return this.problems.add({ code: 'picture_missing', picture: this.#file, annotation, reason });
    }
    if (place !== LEFT_OUT) this.index.add(place, offset, bytes.length);
  }
}

/** `undefined` is not JSON, and so says that these bytes are none. */
function parsed(bytes: Buffer): unknown {
  try {
    return parseJsonItem(bytes);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
