import type { Size } from '../model/annotated-picture.js';
import type { AnnotationIndex } from './annotation-index.js';
import type { ProblemList } from './problem-list.js';

/** A picture as a COCO file lists it. */
export interface CocoPicture {
  readonly id: string;
  /** Its path below one of the folders of pictures, with `/` between its parts. */
  readonly fileName: string;
  /** The same without extension. */
  readonly name: string;
  readonly size: Size | undefined;
}

export interface CocoCategory {
  readonly name: string;
  /** Names of the points that its objects have. */
  readonly keypoints: readonly string[] | undefined;
  /** Pairs of points, counted from 0. */
  readonly skeleton: readonly (readonly [number, number])[] | undefined;
}

/** By id, as text. */
export type CocoCategories = ReadonlyMap<string, CocoCategory>;

/** What is known of a file after it was looked through once: all but the annotations themselves. */
export interface CocoFile {
  readonly path: string;
  /** In the file's order. */
  readonly pictures: readonly CocoPicture[];
  readonly categories: CocoCategories;
  readonly annotations: AnnotationIndex;
  readonly problems: readonly ProblemList[];
}
