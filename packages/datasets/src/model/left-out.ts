/** Why something of a data set is not in the other one. */
export type LeftOutCode =
  /** The data set speaks of a picture that has no file. */
  | 'picture_missing'
  /** The file is none of the known picture formats, or too short to be one. */
  | 'picture_broken'
  /** A second picture of the same name, or another second thing where there may be one. */
  | 'picture_duplicate'
  /** There is a picture without a file of annotations, where the format has one for each. */
  | 'annotations_missing'
  /** A file of annotations cannot be understood. */
  | 'annotations_broken'
  /** Numbers are missing, not finite, or describe nothing (no width, two corners). */
  | 'geometry_invalid'
  /** Something lies, in part or as a whole, outside of its picture. */
  | 'geometry_outside'
  /** The format has no such kind of annotation. */
  | 'kind_not_supported'
  /** The format has one class for a picture; the others are left out. Or the picture has none. */
  | 'class_count'
  /** Kept, under a name that was made up (`class_7`): a data set has no name for the number of a class. Told once a split. */
  | 'class_unnamed'
  /** A class name that would lead out of its folder, or break the file it is written into. */
  | 'class_name_unsafe'
  /** A name of a picture or split of which the same is true. */
  | 'name_unsafe'
  /** A mask without, or with an unknown, encoding. */
  | 'mask_invalid'
  /** Points that do not belong to an object, or not to one of a known shape. */
  | 'keypoints_invalid'
  /** Kept, but not all of it: a rotation, holes, attributes. */
  | 'reduced'
  /** Kept as it is, though it looks wrong: a box reaches out of its picture where the format's tools read it all the same. */
  | 'doubtful'
  /** Kept, and put right: a box is cut off at the picture's edge. */
  | 'corrected';

/** One thing that is not, or not quite, in the other data set. */
export interface LeftOut {
  readonly code: LeftOutCode;
  /** A sentence. */
  readonly reason: string;
  /** Name of the picture (`train/one`), or of the file. */
  readonly picture: string;
  /** Its id, or the line of its file (`line 1` is the first), or its place among those of the picture (`0` is the first). */
  readonly annotation?: string | undefined;
}

/** Where readers and writers say what they leave out. */
export type LeaveOut = (entry: LeftOut) => void;
