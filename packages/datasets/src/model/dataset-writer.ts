import type { AnnotatedPicture, AnnotationKind } from './annotated-picture.js';
import type { DatasetFormat } from './dataset-format.js';
import type { KeypointShape } from './dataset-reader.js';
import type { LeaveOut } from './left-out.js';

/** What a whole data set holds: found by reading it once before writing. */
export interface DatasetSurvey {
  /** All class names, sorted by code point. */
  readonly classes: readonly string[];
  /** The same by kind of annotation. */
  readonly classesByKind: ReadonlyMap<AnnotationKind, readonly string[]>;
  /** By class name. */
  readonly keypointShapes: ReadonlyMap<string, KeypointShape>;
  readonly pictures: number;
}

/** How a writer treats what its format leaves open. A writer ignores what does not concern it. */
export interface WriteDatasetOptions {
  /** What becomes of masks: objects of their own, areas of one class (COCO: stuff), or nothing. Default `instance`. */
  readonly segmentation?: 'instance' | 'semantic' | 'exclude' | undefined;
  /** What becomes of boxes that reach out of their picture: cut off, or left out. Default: what the format's tools want. */
  readonly outside?: 'clip' | 'leave-out' | undefined;
  /** Whether pictures are copied even where a second name (a hard link) would do. Default false. */
  readonly copyPictures?: boolean | undefined;
}

export interface BeginDatasetOptions extends WriteDatasetOptions {
  /** An empty folder, where to write. */
  readonly folder: string;
  /** Where the folder will be once it is complete: what a file says of its own place must say this. */
  readonly finalFolder: string;
  /** Every split has a place, also one without pictures. None: the data set is not divided. */
  readonly splits: readonly string[] | undefined;
  /** The source's own list of classes, in its order. */
  readonly sourceClasses?: readonly string[] | undefined;
  /** Of writers that want one. */
  readonly survey?: DatasetSurvey | undefined;
  /** Told of what cannot be written; writing goes on. */
  readonly leaveOut: LeaveOut;
  readonly signal?: AbortSignal | undefined;
}

/** A data set that is being written. Pictures are added one at a time. */
export interface DatasetSink {
  /** @returns how many annotations were written; `undefined` when the whole picture was left out, of which `leaveOut` was told */
  add(picture: AnnotatedPicture): Promise<number | undefined>;
  finish(): Promise<FinishedDataset>;
  /** Closes what is open between two pictures; whoever began removes the folder. */
  abort?(): Promise<void>;
}

export interface FinishedDataset {
  /** The file that a trainer is given, relative to the folder; none where the format has no such file. */
  readonly configPath: string | undefined;
}

/** Knows one format. */
export interface DatasetWriter {
  readonly format: DatasetFormat;
  /** The data set is read twice, because this format must know classes before the first picture. */
  readonly wantsSurvey: boolean;
  begin(options: BeginDatasetOptions): Promise<DatasetSink>;
}
