import type { JsonObject } from '@synapse-steps/core';

// The one model between all formats: a reader yields these, a writer takes them. Geometry is in pixels of the picture, from
// its top left corner, as floating point numbers; a format that counts otherwise converts at its own door.

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface PictureFile {
  /** Absolute. */
  readonly path: string;
  /** What the data set says of its size, where it does; the file itself is asked by `lookAt`. */
  readonly size?: Size | undefined;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Box extends Size {
  readonly x: number;
  readonly y: number;
  /** Clockwise around the box's middle, in radians. */
  readonly rotation?: number | undefined;
}

export interface Keypoint extends Point {
  /** 0: not labeled, 1: labeled and hidden, 2: visible; none where the data set does not say. */
  readonly visible?: 0 | 1 | 2 | undefined;
  /** Such as `nose`. */
  readonly name?: string | undefined;
  /** Where a data set counts points as annotations of their own (DM). */
  readonly id?: string | undefined;
}

/** What every annotation has. */
interface AnnotationBase {
  readonly className: string;
  /** Unique within the picture, where the data set has ids. */
  readonly id?: string | undefined;
  /** From 1, of its file, where a format has a line for each: reports name it. */
  readonly line?: number | undefined;
  /** What belongs together, such as the points of one person. */
  readonly groupId?: string | undefined;
  /** Properties with a name; those that a format knows have its own names (`iscrowd`, `truncated`, `difficult`, `pose`). */
  readonly attributes?: JsonObject | undefined;
}

export interface BoxAnnotation extends AnnotationBase {
  readonly kind: 'box';
  readonly box: Box;
}

export interface PolygonAnnotation extends AnnotationBase {
  readonly kind: 'polygon';
  /** Parts of one object; holes are not told apart. */
  readonly rings: readonly (readonly Point[])[];
  /** Where the format tells one beside the outline. */
  readonly box?: Box | undefined;
}

export interface PolylineAnnotation extends AnnotationBase {
  readonly kind: 'polyline';
  readonly points: readonly Point[];
}

/** The points of one object. Each has a name, or none has: then the order says which is which. */
export interface KeypointsAnnotation extends AnnotationBase {
  readonly kind: 'keypoints';
  readonly points: readonly Keypoint[];
  readonly box?: Box | undefined;
  /** The outline, where one object has points and an outline. */
  readonly rings?: readonly (readonly Point[])[] | undefined;
  /** True where nothing says which object a point belongs to (DM points without a group); `className` is then its name. */
  readonly loose?: boolean | undefined;
}

/** Which pixels belong to an object. */
export interface MaskAnnotation extends AnnotationBase {
  readonly kind: 'mask';
  readonly size: Size;
  /** Lengths of runs, column by column; the first one counts pixels outside (as COCO's uncompressed RLE does). */
  readonly runs: readonly number[];
  readonly box?: Box | undefined;
}

/** What the whole picture is. */
export interface ClassificationAnnotation extends AnnotationBase {
  readonly kind: 'classification';
}

export type Annotation =
  | BoxAnnotation
  | PolygonAnnotation
  | PolylineAnnotation
  | KeypointsAnnotation
  | MaskAnnotation
  | ClassificationAnnotation;

export type AnnotationKind = Annotation['kind'];

export interface AnnotatedPicture {
  /** The file's name without its extension, unique within the split. May hold `/` where a data set has folders. */
  readonly name: string;
  /** As its folder is named: `train`, `valid`, `test`, …; none in a data set that is not divided. */
  readonly split: string | undefined;
  /** None when the data set has annotations of a picture that is not there. */
  readonly picture: PictureFile | undefined;
  readonly annotations: readonly Annotation[];
  /** What DM has beyond, untouched: only DM writers look at it. */
  readonly extra?: JsonObject | undefined;
}
